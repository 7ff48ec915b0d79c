package io.jenkins.plugins.concurrency.embedded.index;

import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;
import org.jvnet.hudson.annotation_indexer.Indexed;

/**
 * Runs in the compiler and lists, for each annotation marked {@link Indexed}, the classes in which it is used: one name
 * a line in {@code META-INF/services/annotations/}, where Jenkins looks for them.
 */
@SupportedAnnotationTypes("*")
public final class AnnotationIndexer extends AbstractProcessor {

    /** Class names by the name of the annotation. */
    private final Map<String, Set<String>> uses = new TreeMap<>();

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (TypeElement annotation : annotations) {
            if (annotation.getAnnotation(Indexed.class) != null) {
                Set<String> classes = uses.computeIfAbsent(annotation.getQualifiedName().toString(), n -> new TreeSet<>());
                round.getElementsAnnotatedWith(annotation).forEach(element -> classes.add(classOf(element)));
            }
        }
        if (round.processingOver()) {
            uses.forEach(this::write);
        }
        return false;
    }

    private String classOf(Element element) {
        Element type = element;
        while (!(type instanceof TypeElement)) {
            type = type.getEnclosingElement();
        }
        return processingEnv.getElementUtils().getBinaryName((TypeElement) type).toString();
    }

    private void write(String annotation, Set<String> classes) {
        String name = "META-INF/services/annotations/" + annotation;
        try (Writer index = processingEnv
                .getFiler()
                .createResource(StandardLocation.CLASS_OUTPUT, "", name)
                .openWriter()) {
            for (String type : classes) {
                index.append(type).append('\n');
            }
        } catch (IOException e) {
            processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, "Cannot write " + name + ": " + e);
        }
    }
}
