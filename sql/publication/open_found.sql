create temporary table found (
    dataset text not null, key text collate "C" not null, kind text not null, field text not null, ours text, theirs text
) on commit drop
