-- Stock: absence, movements, and views of who sees what.
select 1;
