-- counts --
SELECT * FROM registry_statistics

-- refresh --
SELECT refresh_statistics()

-- analyze --
ANALYZE models
