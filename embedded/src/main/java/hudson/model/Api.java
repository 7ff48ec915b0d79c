package hudson.model;

/** The remote API of an exported bean; the embedded runtime serves none. */
public class Api extends AbstractModelObject {

    public final Object bean;

    public Api(Object bean) {
        this.bean = bean;
    }

    @Override
    public String getDisplayName() {
        return "API";
    }
}
