select core.analyze_grown()
