-- What stages share beside the log: made if it is not there, never migrated.

-- Counts of begun batches. Unlogged: losing them with a crashed database only means counting from one again.
create unlogged table if not exists linernotes.stage_starts (
  consumer_group text not null,
  topic text not null,
  partition int not null,
  first_offset bigint not null,
  starts int not null,
  primary key (consumer_group, topic, partition, first_offset)
);

-- Where a stage's group has committed: Kafka forgets the offsets of a group that nobody was in for a week, this does not.
create table if not exists linernotes.seen_groups (
  consumer_group text not null,
  topic text not null,
  partition int not null,
  primary key (consumer_group, topic, partition)
);

create table if not exists linernotes.stage_pauses (
  stage text primary key,
  reason text not null,
  since timestamptz not null
);

-- Stages that send events past a provider whose answers nobody understands.
create table if not exists linernotes.stage_bypasses (
  stage text primary key,
  code text not null,
  message text not null,
  since timestamptz not null
);

-- Stages that were stopped before they did harm; an operator's `resume` removes the row.
create table if not exists linernotes.stage_halts (
  stage text primary key,
  reason text not null,
  since timestamptz not null
);

-- Of each stage, how many records it has counted, and which of them were lost, by their numbers: what a halt is decided by. A process
-- that never loses any counts none.
create table if not exists linernotes.stage_losses (
  stage text primary key,
  records bigint not null,
  losses bigint[] not null
);
