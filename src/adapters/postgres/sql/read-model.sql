-- The read model: disposable, filled from the log alone. The statements run with the model's own schema first on the search path.
-- Keys compare by bytes (collate "C"), so that every process locks rows in one order.
create table tracks (
  track_id text collate "C" primary key,
  name text,
  artists text[] not null default '{}',
  isrc text,
  label text,
  release_date text,
  release_date_precision text,
  album_name text,
  duration_ms bigint,
  explicit boolean,
  popularity bigint,
  streams bigint,
  genres text[] not null default '{}',
  artist_followers bigint,
  writers text[] not null default '{}',
  producers text[] not null default '{}',
  performers text[] not null default '{}',
  publishers text[] not null default '{}',
  publisher_status text,
  iswc text,
  track_stage text,
  playlist_reach bigint,
  youtube_views bigint,
  status text not null default 'in_flight',
  degraded boolean not null default false,
  spotify_status text,
  credits_status text,
  publishing_status text,
  links_status text,
  analytics_status text,
  first_seen_at timestamptz,
  complete_at timestamptz,
  updated_at timestamptz,
  summary jsonb not null default '{}',
  conflicts jsonb not null default '[]',
  -- The folded state, from which every other column follows.
  state jsonb,
  -- Small and beside the state, so that the state of many dead letters can be told without reading it whole.
  answered jsonb generated always as (state -> 'answered') stored
) with (fillfactor = 80);
create index tracks_first_seen on tracks (first_seen_at desc, track_id);
create index tracks_status on tracks (status, degraded);
create index tracks_isrc on tracks (isrc) where isrc is not null;
create index tracks_publisher_status on tracks (publisher_status, track_id) where publisher_status is not null;

create table playlists (
  playlist_id text collate "C" primary key,
  name text,
  url text,
  curator text,
  is_editorial boolean,
  snapshot_id text,
  observed_at timestamptz,
  state jsonb
);

create table playlist_tracks (
  playlist_id text collate "C" not null,
  snapshot_id text collate "C" not null,
  track_id text collate "C" not null,
  run_id text collate "C" not null,
  positions int[] not null,
  primary key (playlist_id, snapshot_id, track_id)
);
create index playlist_tracks_track on playlist_tracks (track_id);

create table runs (
  run_id text collate "C" primary key,
  playlist_id text,
  playlist_name text,
  total bigint,
  accepted bigint not null default 0,
  complete bigint not null default 0,
  dead_lettered bigint not null default 0,
  in_flight bigint generated always as (accepted - complete - dead_lettered) stored,
  degraded bigint not null default 0,
  letters bigint not null default 0,
  -- Open as long as more tracks can come (nobody said how many) or some are on their way.
  finished boolean generated always as
    (total is not null and accepted >= total and accepted = complete + dead_lettered) stored,
  first_at timestamptz,
  last_at timestamptz
) with (fillfactor = 50);

create index runs_first on runs (first_at desc, run_id);

-- How many distinct tracks of the run have arrived at the phase and how it ended for them.
create table run_phases (
  run_id text collate "C" not null,
  phase text not null,
  status text not null,
  tracks bigint not null,
  primary key (run_id, phase, status)
) with (fillfactor = 50);

create table run_tracks (
  run_id text collate "C" not null,
  track_id text collate "C" not null,
  place text not null default 'in_flight',
  degraded boolean not null default false,
  state jsonb,
  primary key (run_id, track_id)
) with (fillfactor = 80);
create index run_tracks_track on run_tracks (track_id);

create table dead_letters (
  letter_id text collate "C" primary key,
  consumer_group text not null,
  phase text,
  class text not null,
  code text not null,
  message text not null,
  fingerprint text not null,
  attempts int not null,
  redrives int not null,
  first_failed_at timestamptz not null,
  last_failed_at timestamptz not null,
  code_version text,
  forwarded boolean not null,
  track_id text,
  run_id text,
  origin_topic text not null,
  origin_partition int not null,
  origin_offset bigint not null,
  topic text not null,
  partition int not null,
  "offset" bigint not null,
  at timestamptz not null
);
create index dead_letters_newest on dead_letters (last_failed_at desc, letter_id);
create index dead_letters_fingerprint on dead_letters (fingerprint);
create index dead_letters_track on dead_letters (track_id);
create index dead_letters_run on dead_letters (run_id);
-- Letters are sent again in the order in which they stand.
create index dead_letters_place on dead_letters (topic, partition, "offset");

-- All that was done to the pipeline, from linernotes.operations. A row never changes.
create table operations (
  operation_id text collate "C" primary key,
  kind text not null,
  by text not null,
  at timestamptz not null,
  target text not null,
  reason text,
  details jsonb not null,
  -- What was done to one letter: the offset of that copy on its dead-letter topic.
  letter_offset bigint,
  -- Its offset in linernotes.operations.
  position bigint not null
);
create index operations_newest on operations (at desc, operation_id);
create index operations_target on operations (target, position desc);
create index operations_redrive on operations ((details ->> 'redrive')) where details ? 'redrive';
