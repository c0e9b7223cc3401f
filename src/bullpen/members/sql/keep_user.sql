-- Keeps in `users` what agents and people have in common, so that no id is given twice. It runs after the row is there,
-- because an INSERT that does nothing where the row exists already must stay without effect here as well.
CREATE OR REPLACE FUNCTION keep_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO users (id, kind, display_name, title, avatar_color, is_active, created_at)
        VALUES (NEW.id, TG_ARGV[0], NEW.display_name, NEW.title, NEW.avatar_color, NEW.is_active, NEW.created_at);
    ELSIF TG_OP = 'UPDATE' THEN
        UPDATE users SET id = NEW.id, display_name = NEW.display_name, title = NEW.title,
            avatar_color = NEW.avatar_color, is_active = NEW.is_active, created_at = NEW.created_at
        WHERE id = OLD.id;
    ELSE
        DELETE FROM users WHERE id = OLD.id;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER agents_keep_user
AFTER INSERT OR DELETE OR UPDATE OF id, display_name, title, avatar_color, is_active, created_at ON agents
FOR EACH ROW EXECUTE FUNCTION keep_user('agent');

CREATE OR REPLACE TRIGGER people_keep_user
AFTER INSERT OR DELETE OR UPDATE OF id, display_name, title, avatar_color, is_active, created_at ON people
FOR EACH ROW EXECUTE FUNCTION keep_user('person');
