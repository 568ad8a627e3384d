-- Made when all rows are in: filling an index row by row takes many times as long.
create index if not exists works_id on "%S".works (id);
create index if not exists works_title on "%S".works (title_key);
create index if not exists titles_work on "%S".titles (work);
create index if not exists titles_title on "%S".titles (title_key);
create index if not exists parties_id on "%S".parties (id);
create index if not exists shares_work on "%S".shares (work);
create index if not exists resources_isrc on "%S".resources (isrc);
create index if not exists links_resource on "%S".links (resource);
analyze "%S".works;
analyze "%S".titles;
analyze "%S".parties;
analyze "%S".shares;
analyze "%S".resources;
analyze "%S".links;
