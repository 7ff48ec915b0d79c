package io.jenkins.plugins.concurrency.engine.run;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.concurrency.engine.json.Json;
import io.jenkins.plugins.concurrency.engine.outcome.BranchError;
import io.jenkins.plugins.concurrency.engine.outcome.ErrorType;
import io.jenkins.plugins.concurrency.engine.outcome.OutcomeDetail;
import io.jenkins.plugins.concurrency.engine.schedule.Attempt;
import io.jenkins.plugins.concurrency.engine.schedule.AttemptResult;
import io.jenkins.plugins.concurrency.engine.schedule.Branch;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class BoundedResultsTest {

    private record Item(int index, String name) implements Branch {}

    private static AttemptResult bounded(AttemptResult result) {
        return BoundedResults.<Item>of((item, number) -> Attempt.ended(result))
                .attempt(new Item(0, "item"), 1)
                .result()
                .toCompletableFuture()
                .join();
    }

    private static Map<String, Object> body(int characters, String character) {
        return Map.of(OutcomeDetail.STATUS, 200, OutcomeDetail.BODY, character.repeat(characters));
    }

    @Test
    public void whatFitsIsLeftAsItIs() {
        // One character is one byte here, which only writing it can tell.
        int around = Json.write(body(0, "x")).length();
        AttemptResult large = new AttemptResult.Succeeded(body(BoundedResults.MAX_DETAILS - around, "x"));
        assertSame(large, bounded(large));
    }

    @Test
    public void aResultThatDoesNotFitIsAFailureThatKeepsWhatIsSmall() {
        int characters = BoundedResults.MAX_DETAILS / 6 + 1;
        Map<String, Object> details = body(characters, "\u0001");
        AttemptResult.Failed failed = (AttemptResult.Failed) bounded(new AttemptResult.Succeeded(details));
        assertEquals(ErrorType.TOO_LARGE, failed.error().type());
        assertEquals(
                "the result has " + Json.writeBytes(details).length + " bytes as JSON; 8323072 are allowed",
                failed.error().message());
        assertEquals(AttemptResult.Retry.NEVER, failed.retry());
        assertEquals(Map.of(OutcomeDetail.STATUS, 200), failed.details());
    }

    @Test
    public void valuesInsideValuesCount() {
        String half = "x".repeat(BoundedResults.MAX_DETAILS / 2);
        Map<String, Object> value = Map.of(OutcomeDetail.VALUE, List.of(half, Map.of(half, 1)));
        assertTrue(bounded(new AttemptResult.Succeeded(value)) instanceof AttemptResult.Failed);
    }

    @Test
    public void aFailureStaysTheFailureThatItWas() {
        BranchError error = new BranchError(ErrorType.STATUS, "500 Internal Server Error");
        Map<String, Object> details = body(BoundedResults.MAX_DETAILS, "x");
        AttemptResult.Failed failed =
                (AttemptResult.Failed) bounded(new AttemptResult.Failed(error, AttemptResult.Retry.SENSIBLE, details));
        assertEquals(error, failed.error());
        assertEquals(AttemptResult.Retry.SENSIBLE, failed.retry());
        assertEquals(Map.of(OutcomeDetail.STATUS, 200), failed.details());
    }
}
