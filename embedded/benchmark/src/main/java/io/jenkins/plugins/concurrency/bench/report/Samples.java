package io.jenkins.plugins.concurrency.bench.report;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** A number for each round. */
public record Samples(List<Double> values) {

    public Samples {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no samples");
        }
        values = List.copyOf(values);
    }

    public static Samples of(double only) {
        return new Samples(List.of(only));
    }

    public Samples map(DoubleUnaryOperator function) {
        return new Samples(values.stream().map(function::applyAsDouble).toList());
    }

    /** Round by round, as far as both go. */
    public Samples with(Samples other, DoubleBinaryOperator function) {
        return new Samples(IntStream.range(0, Math.min(values.size(), other.values.size()))
                .mapToObj(i -> function.applyAsDouble(values.get(i), other.values.get(i)))
                .toList());
    }

    public double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    public double min() {
        return values.stream().min(Double::compare).orElseThrow();
    }

    public double max() {
        return values.stream().max(Double::compare).orElseThrow();
    }
}
