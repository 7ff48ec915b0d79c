package io.jenkins.plugins.concurrency.steps.secret;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.CertificateCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.UsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.Util;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.concurrency.config.ConcurrencyConfiguration;
import io.jenkins.plugins.concurrency.config.JenkinsProxy;
import io.jenkins.plugins.concurrency.engine.fetch.FetchSettings;
import io.jenkins.plugins.concurrency.engine.fetch.http.CredentialReference;
import io.jenkins.plugins.concurrency.engine.fetch.proxy.ProxySettings;
import io.jenkins.plugins.concurrency.engine.run.WorkSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * The secrets of a run's requests. Each time that a process starts to work on the run, they are read from Jenkins. They
 * are variables of the process's environment, and in none of its files.
 */
public final class FetchSecrets {

    private FetchSecrets() {}

    /**
     * Adds the secrets that the work needs to an environment.
     *
     * @param onAgent whether the work is done on an agent. Agents get the proxy's password only if the administrator
     *     has allowed it
     * @throws IOException if credentials do not exist any more; with a message of one line
     */
    public static EnvVars addedTo(EnvVars environment, WorkSpec work, Run<?, ?> run, boolean onAgent) throws IOException {
        if (!(work instanceof WorkSpec.Fetch fetch)) {
            return environment;
        }
        EnvVars all = new EnvVars(environment);
        List<CredentialReference> references = fetch.settings().credentials();
        for (int i = 0; i < references.size(); i++) {
            StandardCredentials credentials = find(run, references.get(i).id());
            if (credentials == null) {
                throw new IOException("the credentials '" + references.get(i).id() + "' are gone");
            }
            add(all, i, credentials);
        }
        ProxySettings proxy = fetch.settings().network().proxy();
        boolean withPassword = !onAgent || ConcurrencyConfiguration.get().isProxyPasswordOnAgents();
        String proxyPassword = proxy == null || !withPassword ? null : JenkinsProxy.password(proxy);
        if (proxyPassword != null) {
            all.put(FetchSettings.PROXY_PASSWORD, proxyPassword);
        }
        return all;
    }

    /** @return {@code null} if the build may not use credentials with this id */
    @CheckForNull
    private static StandardCredentials find(Run<?, ?> run, String id) {
        return CredentialsProvider.findCredentialById(id, StandardCredentials.class, run, List.of());
    }

    /** Why agents use the proxy without its password; {@code null} if they get it, or if there is none. */
    @CheckForNull
    public static String withheld(WorkSpec work) {
        ProxySettings proxy = work instanceof WorkSpec.Fetch fetch ? fetch.settings().network().proxy() : null;
        if (proxy == null
                || ConcurrencyConfiguration.get().isProxyPasswordOnAgents()
                || Util.fixEmpty(JenkinsProxy.password(proxy)) == null) {
            return null;
        }
        return "the proxy " + proxy.host() + " is used without its password, which agents do not get"
                + " (Manage Jenkins, System, Concurrency Steps)";
    }

    private static void add(EnvVars variables, int place, StandardCredentials credentials) throws IOException {
        String secret = CredentialReference.secretVariable(place);
        String password = CredentialReference.passwordVariable(place);
        if (credentials instanceof UsernamePasswordCredentials user) {
            String pair = user.getUsername() + ":" + Secret.toString(user.getPassword());
            variables.put(secret, base64(pair.getBytes(StandardCharsets.UTF_8)));
            variables.put(password, Secret.toString(user.getPassword()));
        } else if (credentials instanceof StringCredentials text) {
            variables.put(secret, Secret.toString(text.getSecret()));
        } else if (credentials instanceof CertificateCredentials certificate) {
            String given = Secret.toString(certificate.getPassword());
            // A new password for this run, because passwords are masked in all texts, and the old one may be a common
            // word.
            String used = UUID.randomUUID().toString();
            variables.put(secret, base64(pkcs12(certificate.getKeyStore(), given, used)));
            variables.put(password, used);
        } else {
            throw new IOException("the credentials '" + credentials.getId() + "' are of another kind now");
        }
    }

    private static byte[] pkcs12(KeyStore store, @CheckForNull String oldPassword, String newPassword) throws IOException {
        char[] old = oldPassword == null ? new char[0] : oldPassword.toCharArray();
        char[] password = newPassword.toCharArray();
        try {
            KeyStore copy = KeyStore.getInstance("PKCS12");
            copy.load(null, null);
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    Key key = store.getKey(alias, old);
                    copy.setKeyEntry(alias, key, password, store.getCertificateChain(alias));
                }
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            copy.store(out, password);
            return out.toByteArray();
        } catch (GeneralSecurityException e) {
            throw new IOException("a certificate can't be used: " + e.getMessage());
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
