PUB_ASSETS: list = []
