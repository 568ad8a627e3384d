-- What the processes share and no rebuild touches. Everything here is made if it is not there; nothing is ever migrated.
create schema if not exists linernotes;

-- Which read models there are. Exactly one is live; a rebuild fills another beside it.
create table if not exists linernotes.read_models (
  name text primary key check (name ~ '^read_v[0-9]+(_[0-9]+)?$'),
  state text not null check (state in ('building', 'live', 'retired')),
  created_at timestamptz not null default now()
);
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

-- Counts of begun batches. Unlogged: losing them with a crashed database only means counting from one again.
create unlogged table if not exists linernotes.stage_starts (
  consumer_group text not null,
  topic text not null,
  partition int not null,
  first_offset bigint not null,
  starts int not null,
  primary key (consumer_group, topic, partition, first_offset)
);

create table if not exists linernotes.stage_pauses (
  stage text primary key,
  reason text not null,
  since timestamptz not null
);

-- One row per published playlist snapshot; decides after a crash whether it still has to be published.
create table if not exists linernotes.ingests (
  run_id text primary key,
  state text not null check (state in ('publishing', 'published')),
  -- End offsets of tracks.raw before anything of the run was written.
  begins_at jsonb not null,
  started_at timestamptz not null default now(),
  published_at timestamptz
);
