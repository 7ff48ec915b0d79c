package io.jenkins.plugins.concurrency.view;

import java.util.AbstractList;
import java.util.List;
import java.util.function.IntFunction;

/** Beans for the remote API. Each is made when it is needed, so a range costs no more than its own beans. */
final class BeanList<T> extends AbstractList<T> {

    private final int size;
    private final IntFunction<T> bean;

    /** @param bean makes the bean of a place */
    BeanList(int size, IntFunction<T> bean) {
        this.size = size;
        this.bean = bean;
    }

    @Override
    public T get(int place) {
        return bean.apply(place);
    }

    @Override
    public int size() {
        return size;
    }

    /** A range that begins behind the end is empty. With a usual list, the remote API fails then. */
    @Override
    public List<T> subList(int from, int to) {
        return super.subList(Math.min(from, to), to);
    }
}
