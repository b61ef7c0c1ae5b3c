-- Rows are written once; what was learned later is another row.
CREATE TABLE rows (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    at REAL NOT NULL,
    turn_id TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL
) STRICT;
CREATE INDEX rows_by_kind ON rows (kind, id);
CREATE INDEX rows_by_turn ON rows (turn_id, kind) WHERE turn_id <> '';
CREATE TRIGGER rows_stay BEFORE UPDATE ON rows
BEGIN
    SELECT RAISE(ABORT, 'rows of the ledger are never changed');
END;
CREATE TRIGGER rows_are_kept BEFORE DELETE ON rows
BEGIN
    SELECT RAISE(ABORT, 'rows of the ledger are never removed');
END;
-- INSERT OR REPLACE removes without asking the trigger above.
CREATE TRIGGER rows_are_not_replaced BEFORE INSERT ON rows
WHEN EXISTS (SELECT 1 FROM rows WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'rows of the ledger are never replaced');
END;
