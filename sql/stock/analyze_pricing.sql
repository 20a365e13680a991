select core.analyze_pricing()
