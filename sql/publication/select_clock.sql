select date_trunc('milliseconds', now()) as seen_at
