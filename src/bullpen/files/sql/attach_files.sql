-- Gives files to messages, as two parallel arrays; their order is that in which each message shows them. Only messages of
-- `made` take any. The caller has locked the files and checked that they may be attached.
CREATE OR REPLACE FUNCTION attach_files(attaching uuid[], attached uuid[], made uuid[]) RETURNS void LANGUAGE sql AS $$
    UPDATE files f SET message_id = given.message_id, place = given.place
    FROM unnest(attaching, attached) WITH ORDINALITY given (message_id, file_id, place)
    WHERE f.id = given.file_id AND given.message_id = ANY (made)
$$;
