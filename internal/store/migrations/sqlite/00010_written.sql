-- By call, what people and judges wrote about pairs: it is deleted with the call's
-- words. Every statement has its twin in ../postgres.

-- +goose Up
CREATE INDEX pair_ratings_by_second ON pair_ratings (second_call);
CREATE INDEX judged_pairs_by_first ON judged_pairs (first_call);
CREATE INDEX judged_pairs_by_second ON judged_pairs (second_call);

-- +goose Down
DROP INDEX judged_pairs_by_second;
DROP INDEX judged_pairs_by_first;
DROP INDEX pair_ratings_by_second;
