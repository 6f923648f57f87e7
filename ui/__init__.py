"""The touch screen: draws view state, emits intents. Knows neither the bus nor the nets."""
