//! The only randomness of the demo: splitmix64, seeded.
//! No clock and no system randomness may enter; the same seed and stream give the same rolls for ever.

/// Numbers that look random and are not.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The dice of one stream of a seed: streams do not depend on one another.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut dice = Self(seed ^ stream.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        dice.roll();
        Self(dice.roll())
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// 0 up to `n`, without `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % n).unwrap_or(0)
    }

    /// Both ends included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap_or(1).max(1);
        low + i64::try_from(self.roll() % span).unwrap_or(0)
    }

    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.roll() % 1000 < per_mille
    }

    /// One of them; the default of an empty list.
    pub fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let at = self.below(list.len());
        list.get(at).copied().unwrap_or_default()
    }

    /// Which of the weights was hit.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.roll() % weights.iter().sum::<u64>().max(1);
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn streams_are_repeatable_and_differ() {
        let rolls = |seed, stream| -> Vec<u64> {
            let mut dice = Dice::new(seed, stream);
            (0..4).map(|_| dice.roll()).collect()
        };
        assert_eq!(rolls(1, 2), rolls(1, 2));
        assert_ne!(rolls(1, 2), rolls(1, 3));
        assert_ne!(rolls(1, 2), rolls(2, 2));
    }

    #[test]
    fn rolls_stay_in_their_bounds() {
        let mut dice = Dice::new(7, 7);
        assert!((0..500).all(|_| (3..=5).contains(&dice.between(3, 5)) && dice.below(2) < 2 && dice.weighted(&[0, 1, 1]) > 0));
        assert_eq!((dice.below(0), dice.pick::<&str>(&[])), (0, ""));
    }
}
