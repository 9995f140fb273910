//! Statement 5: a skewed network is more robust.
//!
//! The headline is a mean time constant that is mis-set. Every other factor has a comparison of its own, and none is averaged with
//! another: a gain in one would hide a loss in the next.

use super::{Evidence, Outcome, SCORE};
use crate::arm::{self, MEAN, Profile, Setting};
use crate::statistics::{Estimate, Scores, average, differences};
use crate::study::{Network, Study};

pub const CLAIM: &str = "Skewed networks are more robust.";
pub const RULE: &str = "Mis-set mean, over all means of the study: (a) mean score, (b) worst score, reference - homogeneous. And for \
    each other factor, every network at the mean that suits it: (c) the change of the score from the level where an arm is best to the \
    one where it is worst (levels chosen for each seed on all other seeds), reference - homogeneous. Supported: all above 0. Partly: \
    some. No two factors are averaged.";

pub fn judge(study: &Study, setting: Setting) -> Outcome {
    let Some(reference) = &study.reference else { return Outcome::missing(MEAN) };
    let arms = [reference.clone(), Profile::homogeneous()];
    let contrast = |experiment: &str, of: &dyn Fn(&[Scores]) -> Scores| {
        let sides = arms.clone().map(|profile| of(&by_level(study, setting, experiment, &profile)));
        Estimate::of_mean(&differences(&sides[0], &sides[1]))
    };
    let mut evidence = vec![
        Evidence::above(
            "mis-set mean: (a) mean score, reference - homogeneous",
            SCORE,
            contrast(MEAN, &|levels| average(levels)),
            0.0,
        ),
        Evidence::above("mis-set mean: (b) worst score, reference - homogeneous", SCORE, contrast(MEAN, &worst), 0.0),
    ];
    let mut beside = Vec::new();
    for (experiment, axis) in arm::robustness(study) {
        let label = |what: &str| format!("{} ({axis}): {what}, reference - homogeneous", arm::spoken(&experiment));
        evidence.push(Evidence::above(label("(c) worst - best level"), SCORE, contrast(&experiment, &change), 0.0));
        beside.push(Evidence::beside(label("worst score"), SCORE, contrast(&experiment, &worst)));
        beside.push(Evidence::beside(label("worst / best score"), SCORE, contrast(&experiment, &share)));
    }
    for profile in &arms {
        let kept = by_level(study, setting, MEAN, profile);
        let of = |scores: Scores| Estimate::of_mean(&scores.into_values().collect::<Vec<_>>());
        beside.push(Evidence::beside(
            format!("mean score over all means: {}", profile.label()),
            SCORE,
            of(average(&kept)),
        ));
        beside.push(Evidence::beside(
            format!("worst / best mean: {}", profile.label()),
            super::TIMES,
            of(share(&kept)),
        ));
    }
    Outcome::new(format!("{} against homogeneous", reference.label()), evidence.into_iter().chain(beside))
}

/// The scores of an arm at each level of an experiment's axis.
fn by_level(study: &Study, setting: Setting, experiment: &str, profile: &Profile) -> Vec<Scores> {
    let networks: Vec<&Network> = profile.of(setting.networks(study, experiment)).collect();
    arm::points(networks.into_iter()).into_iter().map(|point| arm::scores(point.into_iter())).collect()
}

/// For each seed, its score at the level that is worst on all other seeds.
fn worst(levels: &[Scores]) -> Scores {
    crate::statistics::best::cross_fitted(&negative(levels)).into_iter().map(|(seed, score)| (seed, -score)).collect()
}

fn negative(levels: &[Scores]) -> Vec<Scores> {
    levels.iter().map(|level| level.iter().map(|(seed, score)| (*seed, -score)).collect()).collect()
}

fn change(levels: &[Scores]) -> Scores {
    let best = crate::statistics::best::cross_fitted(levels);
    worst(levels).into_iter().filter_map(|(seed, worst)| Some((seed, worst - best.get(&seed)?))).collect()
}

fn share(levels: &[Scores]) -> Scores {
    let best = crate::statistics::best::cross_fitted(levels);
    worst(levels).into_iter().filter_map(|(seed, worst)| Some((seed, worst / best.get(&seed)?))).collect()
}
