//! Statement 6: removing recurrence does not remove the gain.

use super::{Outcome, SCORE, Verdict, beside, correct, deciding, missing};
use crate::arm::{self, NO_RECURRENCE, PROFILES, Profile, Setting};
use crate::statistics::{Estimate, Scores};
use crate::study::{Network, Study};

pub const CLAIM: &str = "Removing recurrence does not remove the gain.";
pub const RULE: &str = "Gain: score of skewed - homogeneous networks of one seed. Supported: it is above 0 without recurrence, and the \
    whole interval of its ratio to the gain with recurrence is at one half or above. Partly: it is above 0, but less than half may be \
    left. Not tested: there is no gain with recurrence to remove.";
const HALF: f64 = 0.5;

pub fn judge(study: &Study, setting: &Setting) -> Outcome {
    let Some(reference) = arm::reference(study, setting) else { return missing(NO_RECURRENCE) };
    let sizes: Vec<u64> = setting.networks(study, NO_RECURRENCE).map(|network| network.n).collect();
    let without = gains(&setting.networks(study, NO_RECURRENCE).collect::<Vec<_>>(), &reference);
    let of_size = |network: &&Network| sizes.contains(&network.n);
    let with = gains(&setting.networks(study, PROFILES).filter(of_size).collect::<Vec<_>>(), &reference);
    let (without, with) = common(&without, &with);
    let label = "gain without recurrence";
    let Some(gain) = deciding(label, SCORE, Estimate::of_differences(&without)) else { return missing(NO_RECURRENCE) };
    let mut evidence = vec![gain];
    if let Err(outcome) = correct(&mut evidence) {
        return outcome;
    }
    let before = Estimate::of_differences(&with);
    let sum = |values: &[f64], picked: &[usize]| picked.iter().map(|&at| values[at]).sum::<f64>();
    let share = Estimate::of_statistic(with.len(), |picked| sum(&without, picked) / sum(&with, picked));
    evidence.extend(beside("gain with recurrence", SCORE, before));
    let basis = format!("{} against homogeneous", reference.label());
    if !before.is_some_and(|before| before.above(0.0)) {
        let basis = format!("{basis}; with recurrence no gain is shown that could be removed");
        return Outcome { verdict: Verdict::NotTested, basis, evidence };
    }
    let kept = share.is_some_and(|share| share.low >= HALF);
    evidence.extend(deciding("gain without / gain with recurrence", "times", share));
    let verdict = match (evidence[0].estimate.above(0.0), kept) {
        (true, true) => Verdict::Supported,
        (true, false) => Verdict::Partly,
        _ => Verdict::NotSupported,
    };
    Outcome { verdict, basis, evidence }
}

fn gains(networks: &[&Network], reference: &Profile) -> Scores {
    let arm = |skewed: bool| {
        let kind = networks.iter().copied().filter(|network| match skewed {
            true => Profile::of(network) == *reference,
            false => network.is_homogeneous(),
        });
        arm::scores(kind)
    };
    let base = arm(false);
    arm(true).into_iter().filter_map(|(seed, score)| Some((seed, score - base.get(&seed)?))).collect()
}

/// The values of the seeds that both have, in one order.
fn common(a: &Scores, b: &Scores) -> (Vec<f64>, Vec<f64>) {
    a.iter().filter_map(|(seed, value)| Some((*value, *b.get(seed)?))).unzip()
}
