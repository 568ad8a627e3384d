-- The names everybody reads by. %I is the live model's schema; making it another one's is the swap, in one transaction.
drop view if exists public.tracks, public.playlists, public.playlist_tracks, public.runs, public.run_phases,
  public.run_tracks, public.dead_letters, public.operations;
create view public.tracks as
  select track_id, name, artists, isrc, label, release_date, release_date_precision, album_name, duration_ms, explicit,
    popularity, streams, genres, artist_followers, writers, producers, performers, publishers, publisher_status, iswc,
    track_stage, playlist_reach, youtube_views, status, degraded, spotify_status, credits_status, publishing_status,
    links_status, analytics_status, first_seen_at, complete_at, updated_at, summary, conflicts,
    state -> 'track' -> 'raw' as raw, state -> 'track' -> 'sections' as sections,
    state -> 'track' -> 'reports' as reports, state -> 'track' -> 'appearances' as appearances
  from %I.tracks;
create view public.playlists as
  select p.playlist_id, p.name, p.url, p.curator, p.is_editorial, p.snapshot_id, p.observed_at,
    (select count(*) from %I.playlist_tracks t where t.playlist_id = p.playlist_id and t.snapshot_id = p.snapshot_id)
      as tracks
  from %I.playlists p;
create view public.playlist_tracks as
  select t.playlist_id, t.snapshot_id, t.track_id, t.run_id, t.positions, t.snapshot_id = p.snapshot_id as current
  from %I.playlist_tracks t join %I.playlists p using (playlist_id);
create view public.runs as select * from %I.runs;
create view public.run_phases as select * from %I.run_phases;
create view public.run_tracks as
  select run_id, track_id, place, degraded, (state ->> 'reached')::int as reached, state -> 'reports' as reports
  from %I.run_tracks;
-- A letter of a withdrawn track is sent nowhere any more. Another is closed once its phase has answered for its track after the letter's
-- last failure. Else what was last done to this copy of it counts: a redriven letter that fails again comes back as a newer copy, and
-- is open.
create view public.dead_letters as
  select l.*,
    case when w.track_id is not null then 'withdrawn'
      when (t.answered ->> l.phase)::bigint > extract(epoch from l.last_failed_at) * 1000 then 'superseded'
      else coalesce(o.state, 'open') end as state,
    coalesce(w.by, o.by) as state_by, coalesce(w.at, o.at) as state_at,
    case when w.track_id is null then o.reason else w.reason end as state_reason
  from %I.dead_letters l
  left join linernotes.withdrawn w on w.track_id = l.track_id
  left join %I.tracks t on t.track_id = l.track_id
  left join lateral (
    select case kind when 'letter_redriven' then 'redriven' else 'resolved' end as state, by, at, reason
    from %I.operations
    where target = l.letter_id and letter_offset >= l."offset"
    order by position desc limit 1) o on true;
create view public.operations as select * from %I.operations;
