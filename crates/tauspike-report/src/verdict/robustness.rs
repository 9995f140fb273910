//! Statement 5: a skewed network is more robust to recurrent hyperparameters and noise.
//!
//! A network that scores little everywhere has little to lose, so the spread of the score alone favours bad networks. The
//! deciding figure is the share of its best score that a network keeps at its worst level of a factor.

use super::{Evidence, Outcome, SCORE, Verdict, beside, correct, deciding};
use crate::arm::{self, FACTORS, Profile, Setting};
use crate::statistics::{self, Estimate, Scores, differences};
use crate::study::{Network, Study};

pub const CLAIM: &str = "Skewed networks are more robust to recurrent hyperparameters and noise.";
pub const RULE: &str = "Over the levels of each factor, then averaged over factors: (a) the share of its best score that a network \
    keeps at its worst level, skewed - homogeneous; (b) the worst score, skewed - homogeneous. Supported: both above 0. Partly: one.";

pub fn judge(study: &Study, setting: &Setting) -> Outcome {
    let Some(reference) = arm::reference(study, setting) else { return none() };
    let compared: Vec<(&str, [Range; 2])> =
        FACTORS.iter().filter_map(|(factor, _)| Some((*factor, ranges(study, setting, &reference, factor)?))).collect();
    let contrast = |of: fn(&Range) -> Scores| -> Option<Estimate> {
        let sides =
            [0, 1].map(|side| statistics::average(&compared.iter().map(|c| of(&c.1[side])).collect::<Vec<_>>()));
        Estimate::of_differences(&differences(&sides[0], &sides[1]))
    };
    let mut evidence: Vec<Evidence> = [
        deciding("share of the best score kept at the worst level: skewed - homogeneous", SCORE, contrast(Range::kept)),
        deciding("worst score: skewed - homogeneous", SCORE, contrast(Range::worst)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if evidence.len() < 2 {
        return none();
    }
    if let Err(outcome) = correct(&mut evidence) {
        return outcome;
    }
    let verdict = super::of_parts(&evidence.iter().map(|item| item.estimate.above(0.0)).collect::<Vec<_>>());
    debug_assert_ne!(verdict, Verdict::NotTested);
    evidence.extend(beside("spread of the score (best - worst): skewed - homogeneous", SCORE, contrast(Range::spread)));
    for (factor, [skewed, homogeneous]) in &compared {
        let kept = Estimate::of_differences(&differences(&skewed.kept(), &homogeneous.kept()));
        evidence.extend(beside(format!("{}: share kept, skewed - homogeneous", arm::spoken(factor)), SCORE, kept));
        let worst = Estimate::of_differences(&differences(&skewed.worst(), &homogeneous.worst()));
        evidence.extend(beside(format!("{}: worst score, skewed - homogeneous", arm::spoken(factor)), SCORE, worst));
    }
    let names: Vec<String> = compared.iter().map(|(factor, _)| arm::spoken(factor)).collect();
    Outcome { verdict, basis: format!("{} against homogeneous over {}", reference.label(), names.join(", ")), evidence }
}

fn none() -> Outcome {
    let names: Vec<&str> = FACTORS.iter().map(|(factor, _)| *factor).collect();
    Outcome::not_tested(format!(
        "the study has none of the experiments {} with both arms at two levels",
        names.join(", ")
    ))
}

/// For each seed, its scores at the levels of one factor.
struct Range(Vec<Scores>);

impl Range {
    fn fold(&self, of: impl Fn(f64, f64) -> f64) -> Scores {
        let common = statistics::average(&self.0);
        let extremes = |seed: u64| {
            let at = |(low, high): (f64, f64), level: &Scores| (low.min(level[&seed]), high.max(level[&seed]));
            let (low, high) = self.0.iter().fold((f64::INFINITY, f64::NEG_INFINITY), at);
            (seed, of(low, high))
        };
        common.into_keys().map(extremes).collect()
    }

    fn kept(&self) -> Scores {
        self.fold(|worst, best| if best > 0.0 { worst / best } else { 0.0 })
    }

    fn worst(&self) -> Scores {
        self.fold(|worst, _| worst)
    }

    fn spread(&self) -> Scores {
        self.fold(|worst, best| best - worst)
    }
}

/// Of skewed and homogeneous networks, at the levels that both have.
fn ranges(study: &Study, setting: &Setting, reference: &Profile, factor: &str) -> Option<[Range; 2]> {
    let networks = setting.networks(study, factor);
    let skewed = networks.clone().filter(|network| Profile::of(network) == *reference);
    let homogeneous = networks.filter(|network| network.is_homogeneous());
    let level = |network: &Network| network.factor;
    let theirs = arm::levels(homogeneous.clone(), level);
    let levels: Vec<f64> =
        arm::levels(skewed.clone(), level).into_iter().filter(|level| theirs.contains(level)).collect();
    let at = |kind: Vec<&Network>| {
        let scores = |level: &f64| arm::scores(kind.iter().copied().filter(|network| network.factor == *level));
        Range(levels.iter().map(scores).collect())
    };
    (levels.len() > 1).then(|| [at(skewed.collect()), at(homogeneous.collect())])
}
