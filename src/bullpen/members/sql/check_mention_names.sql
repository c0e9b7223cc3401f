-- What `@` calls is one member or one user group: a handle is nobody's id and no active member's name, regardless of which comes first. The
-- program finds more names that look the same (members/names.py); this holds for every writer, and two at the same moment.
CREATE OR REPLACE FUNCTION check_mention_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'user_groups' THEN
        IF TG_OP = 'UPDATE' AND NEW.handle = OLD.handle THEN
            RETURN NULL;
        END IF;
        PERFORM pg_advisory_xact_lock({{names_lock}});
        IF EXISTS (
            SELECT FROM users u
            WHERE lower(u.id) = lower(NEW.handle) OR u.is_active AND lower(u.display_name) = lower(NEW.handle)
        ) THEN
            RAISE unique_violation USING CONSTRAINT = '{{one_name}}', MESSAGE = format('a member goes by the name %s', NEW.handle);
        END IF;
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.display_name, NEW.is_active) = (OLD.id, OLD.display_name, OLD.is_active) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock({{names_lock}});
    IF EXISTS (
        SELECT FROM user_groups g
        WHERE lower(g.handle) = lower(NEW.id) OR NEW.is_active AND lower(g.handle) = lower(NEW.display_name)
    ) THEN
        RAISE unique_violation USING CONSTRAINT = '{{one_name}}',
            MESSAGE = format('a user group goes by the name %s or %s', NEW.id, NEW.display_name);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER user_groups_names AFTER INSERT OR UPDATE OF handle ON user_groups
FOR EACH ROW EXECUTE FUNCTION check_mention_names();

CREATE OR REPLACE TRIGGER users_names AFTER INSERT OR UPDATE OF id, display_name, is_active ON users
FOR EACH ROW EXECUTE FUNCTION check_mention_names();
