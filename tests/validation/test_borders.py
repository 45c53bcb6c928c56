def registers(): return []
