-- One bulk feed of The MLC, in a schema of its own. Unlogged: after a crash of the database it is loaded again from its folder.
create schema if not exists "%S";
create unlogged table if not exists "%S".works (id text, iswc text, title text, disputed text, title_key text);
create unlogged table if not exists "%S".titles (work text, title text, title_key text);
create unlogged table if not exists "%S".parties (id text, ipi text, name text, before text, key_name text, last_key text);
create unlogged table if not exists "%S".shares (id text, work text, party text, role text, percent text, type text, preceding text);
create unlogged table if not exists "%S".resources (id text, isrc text);
create unlogged table if not exists "%S".links (work text, resource text);
