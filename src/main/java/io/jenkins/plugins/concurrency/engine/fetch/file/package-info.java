/**
 * Decides in which files bodies are saved: safe file names, the directories that no file may leave, and files that
 * exist already. {@code OnExisting} has the choices for these; {@code FetchEngine} and {@code FetchPlanner} act on
 * them. {@code StoredValidators} is what {@code revalidate} compares. {@code FileName} makes a name of a URL; {@code
 * UniqueFileNames}, in {@code fetch}, adds a branch's number to one that is taken.
 */
@DefaultAnnotationForMethods(NonNull.class)
@DefaultAnnotationForParameters(NonNull.class)
package io.jenkins.plugins.concurrency.engine.fetch.file;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForMethods;
import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
