-- Keeps the cost in run_figures equal to that in run_details.
CREATE OR REPLACE FUNCTION copy_run_cost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE run_figures SET cost_usd = NEW.cost_usd WHERE run_id = NEW.run_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER run_details_first_cost AFTER INSERT ON run_details
FOR EACH ROW WHEN (NEW.cost_usd IS NOT NULL) EXECUTE FUNCTION copy_run_cost();

CREATE OR REPLACE TRIGGER run_details_cost AFTER UPDATE OF cost_usd ON run_details
FOR EACH ROW EXECUTE FUNCTION copy_run_cost();
