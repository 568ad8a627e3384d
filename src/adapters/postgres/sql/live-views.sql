-- The names everybody reads by. %I is the live model's schema; making it another one's is the swap, in one transaction.
drop view if exists public.tracks, public.playlists, public.playlist_tracks, public.runs, public.run_phases,
  public.run_tracks, public.dead_letters;
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
-- A letter is closed once its phase has answered for its track after the letter's last failure.
create view public.dead_letters as
  select l.*,
    case when (t.answered ->> l.phase)::bigint > extract(epoch from l.last_failed_at) * 1000 then 'superseded' else 'open' end
      as state
  from %I.dead_letters l left join %I.tracks t on t.track_id = l.track_id;
