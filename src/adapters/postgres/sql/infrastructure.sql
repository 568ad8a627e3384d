-- What the processes share and no rebuild touches. Everything here is made if it is not there; nothing is ever migrated.
create schema if not exists linernotes;

-- Which read models there are. Exactly one is live; a rebuild fills another beside it.
create table if not exists linernotes.read_models (
  name text primary key check (name ~ '^read_v[0-9]+(_[0-9]+)?$'),
  state text not null check (state in ('building', 'live', 'retired')),
  created_at timestamptz not null default now()
);
-- A retired model that an operator wants to keep stays until the next rebuild; others are dropped once the live one has got as far.
alter table linernotes.read_models add column if not exists kept boolean not null default false;
create unique index if not exists read_models_one_live on linernotes.read_models (state) where state = 'live';

-- Where a projection goes on, and who may: the epoch rises with every owner, so an earlier one changes no row any more.
create table if not exists linernotes.checkpoints (
  projection text not null,
  topic text not null,
  partition int not null,
  epoch bigint not null,
  next_offset bigint,
  primary key (projection, topic, partition)
);

-- The feed. The sequence is taken under a lock just before commit, so its order is the order of commits.
create table if not exists linernotes.feed (
  seq bigint generated always as identity primary key,
  at timestamptz not null default now(),
  type text not null,
  body jsonb not null
);
create index if not exists feed_at on linernotes.feed using brin (at);

-- One row per published playlist snapshot; decides after a crash whether it still has to be published.
create table if not exists linernotes.ingests (
  run_id text primary key,
  state text not null check (state in ('publishing', 'published')),
  -- End offsets of tracks.raw before anything of the run was written.
  begins_at jsonb not null,
  started_at timestamptz not null default now(),
  published_at timestamptz
);

-- Every answer of a provider, also "no such thing". The body is text, as received: nobody searches in it, jsonb takes a fifth more
-- room, and it would be parsed twice.
create table if not exists linernotes.ledger (
  provider text not null,
  kind text not null,
  key text not null,
  outcome text not null check (outcome in ('found', 'not_found', 'restricted', 'not_offered')),
  body text,
  fetched_at timestamptz not null,
  profile text not null,
  primary key (provider, kind, key)
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- Keys that a process is asking a provider for now. Unlogged: a crashed database forgets them, as it would when the leases lapse.
create unlogged table if not exists linernotes.ledger_claims (
  provider text not null,
  kind text not null,
  key text not null,
  owner text not null,
  live boolean not null,
  lapses_at timestamptz not null,
  primary key (provider, kind, key)
);

-- What was asked of providers for each run. Counters for people: not exact when a process is killed.
create table if not exists linernotes.run_calls (
  run_id text not null,
  provider text not null,
  questions bigint not null,
  from_ledger bigint not null,
  calls bigint not null,
  primary key (run_id, provider)
);

-- One row: when what is too old was last dropped, so that of many processes one does it.
create table if not exists linernotes.ledger_pruned (
  one boolean primary key default true check (one),
  at timestamptz not null
);

-- The budgets of provider accounts, shared by all processes. Moments of slots are milliseconds since the epoch by this database's
-- clock; a row is changed by one statement a grant, so it is kept free for updates in place.
create table if not exists linernotes.governor (
  account text primary key,
  -- When the next slot would be due if all were taken evenly.
  due float8 not null default 0,
  -- Until when a live request is taken to wait, so that replays stand back.
  live_waits_until float8 not null default 0,
  -- Slots that replays may take while live requests wait.
  replay_credit float8 not null default 0,
  paused_until timestamptz,
  pause_reason text,
  -- What refusals taught of a limit that is not published.
  learned jsonb
) with (fillfactor = 50);
-- The latest calls of an account whose provider counts in windows, oldest first: when they were written if that was told, else slots.
alter table linernotes.governor add column if not exists lately float8[] not null default '{}';
-- Endpoints that are left alone while others are called: {"GET /v1/tracks": {"until": milliseconds since the epoch, "reason": …}}.
alter table linernotes.governor add column if not exists endpoints jsonb not null default '{}';

-- Browser tabs that may be open now, of all processes. Logged: a crashed database must not forget tabs that live on.
create table if not exists linernotes.tab_places (
  account text not null,
  place int not null,
  holder text not null,
  lapses_at timestamptz not null,
  primary key (account, place)
) with (fillfactor = 50);

-- Processes that wait for places, so that turns go round among them. Unlogged: each says it again within a second.
create unlogged table if not exists linernotes.tab_waits (
  account text not null,
  owner text not null,
  live boolean not null,
  -- Since when the first of them waits, and how many do.
  since timestamptz not null,
  wanted int not null,
  lapses_at timestamptz not null,
  primary key (account, owner, live)
) with (fillfactor = 50);

-- Bulk feeds of The MLC: the one that answers, and how far those on their way in have come. A crashed database empties their tables
-- and so must forget this, too.
create unlogged table if not exists linernotes.mlc_bulk (
  one boolean primary key default true check (one),
  snapshot text not null,
  loaded_at timestamptz not null
);
create unlogged table if not exists linernotes.mlc_bulk_files (
  snapshot text not null,
  file text not null,
  done bigint not null,
  primary key (snapshot, file)
);

-- How answers of providers fit their shapes, by day: under the empty field the answers that were looked at, under each other field how
-- many were not as agreed, with the latest such answer.
create table if not exists linernotes.contract (
  day date not null,
  provider text not null,
  kind text not null,
  field text not null,
  count bigint not null,
  problem text,
  sample text,
  last_at timestamptz not null,
  primary key (day, provider, kind, field)
);

-- Tracks that nothing may be known of any more. Written by whoever withdraws one, so that workers heed it at once, and by the projector
-- when it applies the operation; only that row says where the operation stands.
create table if not exists linernotes.withdrawn (
  track_id text collate "C" primary key,
  by text not null,
  at timestamptz not null,
  reason text,
  -- Offset in linernotes.operations; null until everything stored of the track is erased.
  position bigint
);
