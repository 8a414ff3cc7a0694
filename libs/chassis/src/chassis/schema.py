"""Technical tables, the same in every service's database. The first migration of a service creates them."""

SHARDS = 32
"""Fixed for life: rows of one aggregate always fall into the same shard."""


def technical_tables() -> str:
    """SQL of the first version: outbox, inbox, idempotency_keys, parked_events."""
    return """
    CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid NOT NULL UNIQUE,
        topic text NOT NULL,
        type text NOT NULL,
        aggregate_id text NOT NULL,
        sequence bigint NOT NULL,
        shard smallint NOT NULL,
        correlation_id text NOT NULL,
        causation_id text,
        traceparent text,
        replay boolean NOT NULL DEFAULT false,
        headers bytea,
        payload bytea,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        attempts integer NOT NULL DEFAULT 0,
        last_error text,
        parked_at timestamptz
    ) WITH (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000);
    CREATE INDEX outbox_shard_id_idx ON outbox (shard, id);
    CREATE INDEX outbox_parked_idx ON outbox (aggregate_id) WHERE parked_at IS NOT NULL;
    CREATE UNIQUE INDEX outbox_aggregate_sequence_key ON outbox (topic, aggregate_id, sequence)
        WHERE sequence > 0 AND NOT replay;
    CREATE TABLE inbox (
        consumer text NOT NULL,
        event_id uuid NOT NULL,
        processed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (consumer, event_id)
    );
    CREATE INDEX inbox_processed_at_idx ON inbox USING brin (processed_at);
    CREATE INDEX inbox_event_id_idx ON inbox (event_id);
    CREATE TABLE idempotency_keys (
        principal text NOT NULL,
        route text NOT NULL,
        key text NOT NULL,
        fingerprint bytea NOT NULL,
        status smallint NOT NULL,
        body bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (principal, route, key)
    );
    CREATE TABLE parked_events (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        consumer text NOT NULL,
        key text NOT NULL,
        event_id uuid NOT NULL,
        topic text NOT NULL,
        kafka_partition integer NOT NULL,
        kafka_offset bigint NOT NULL,
        headers bytea NOT NULL,
        payload bytea,
        error text NOT NULL,
        first_seen timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX parked_events_consumer_key_idx ON parked_events (consumer, key, position);
    """


def retention_indexes() -> str:
    """SQL of the version ``find_what_is_old``: retention finds old keys by their time, and old events by the time in their id."""
    return """
    CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);
    DROP INDEX inbox_processed_at_idx;
    """


TECHNICAL = ("outbox", "inbox", "idempotency_keys", "parked_events")
"""Tables that migrations' autogeneration leaves alone."""
