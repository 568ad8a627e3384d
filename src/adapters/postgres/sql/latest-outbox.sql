-- Rows of the live model that changed since tracks.latest was told; one mark a track. A version is never used twice, so that a
-- publisher takes away only the mark that it published.
create sequence if not exists linernotes.latest_versions;
create table if not exists linernotes.latest_outbox (
  track_id text collate "C" primary key,
  version bigint not null,
  since timestamptz not null default now(),
  -- Why the row can be no value of the topic; it is tried again when the track changes.
  refused text
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
