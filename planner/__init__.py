"""landbridge: joint plans for vehicle exports from China to Europe by rail, river, road and sea."""
