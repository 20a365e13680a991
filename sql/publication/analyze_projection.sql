analyze chosen_group, chosen_product, projection
