package io.jenkins.plugins.concurrency.engine.fetch.connect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.ProtocolIOSession;

/**
 * Sessions whose queue drops cancelled requests. HttpCore queues requests while the server allows no further stream,
 * and would send a cancelled one later.
 */
final class CancelledRequestFilter {

    private static final Class<?>[] SESSION = {ProtocolIOSession.class};

    private CancelledRequestFilter() {}

    /** The same session but for its queue. */
    static ProtocolIOSession of(ProtocolIOSession session) {
        return (ProtocolIOSession) Proxy.newProxyInstance(
                ProtocolIOSession.class.getClassLoader(), SESSION, (proxy, method, arguments) -> switch (method.getName()) {
                    case "poll" -> next(session);
                    case "equals" -> proxy == arguments[0];
                    default -> invoke(method, session, arguments);
                });
    }

    @CheckForNull
    private static Command next(ProtocolIOSession session) {
        Command next = session.poll();
        while (next instanceof RequestExecutionCommand request
                && request.getExchangeHandler() instanceof HttpExchange exchange
                && exchange.hasEnded()) {
            next = session.poll();
        }
        return next;
    }

    @CheckForNull
    private static Object invoke(Method method, ProtocolIOSession session, Object[] arguments) throws Throwable {
        try {
            return method.invoke(session, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
