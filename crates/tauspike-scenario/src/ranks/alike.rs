//! Have all ranks been asked for the same? Each may have been started with other arguments, or see an older copy of a file; the spikes would then be
//! those of no scenario at all.

use crate::error::ScenarioError;
use crate::files;
use crate::ranks::line::{Shared, lock};
use crate::ranks::talk::Ranks;
use crate::run::RunOptions;
use crate::scenario::Scenario;
use std::path::Path;
use tauspike_record::ScenarioText;

type Result<T> = std::result::Result<T, ScenarioError>;

/// What a rank was asked for, by name.
type Asked = Vec<(String, String)>;

/// Refuses on all ranks what is not the same on all of them.
pub(crate) fn check(scenario: &Scenario, ranks: &Shared<Ranks>, options: &RunOptions, partitioned: bool) -> Result<()> {
    let mut ranks = lock(ranks);
    let mine = ranks.agree(asked(scenario, options, partitioned))?;
    let text = serde_json::to_vec(&mine).expect("plain data is always JSON");
    let all: Vec<Option<Asked>> =
        ranks.say_bytes(&text)?.iter().map(|text| serde_json::from_slice(text).ok()).collect();
    match (0..).zip(&all).find_map(|(rank, other)| Some((rank, difference(&all[0], other)?))) {
        Some((rank, reason)) => Err(ScenarioError::Rank { rank, reason, output: false }),
        None => Ok(()),
    }
}

fn asked(scenario: &Scenario, options: &RunOptions, partitioned: bool) -> Result<Asked> {
    let told = |path: Option<&Path>| path.map_or("not given".to_owned(), |path| path.display().to_string());
    let mut asked = vec![
        ("--out".to_owned(), told(Some(options.out))),
        ("--resume".to_owned(), told(options.resume)),
        ("--save-snapshot".to_owned(), told(options.save_snapshot)),
        ("--force".to_owned(), options.force.to_string()),
        ("--partitioned".to_owned(), partitioned.to_string()),
        ("seed".to_owned(), scenario.seed().to_string()),
    ];
    // with what was set in it
    asked.push((scenario.file().to_owned(), format!("SHA-256 {}", ScenarioText::new(scenario.text()).sha256)));
    for path in scenario.data_files() {
        asked.push((path.display().to_string(), format!("SHA-256 {}", files::sha256(&path)?)));
    }
    Ok(asked)
}

/// What `other` has otherwise than the first rank.
fn difference(first: &Option<Asked>, other: &Option<Asked>) -> Option<String> {
    let (Some(first), Some(other)) = (first, other) else { return Some("is another version of tauspike".into()) };
    let differs = first.iter().zip(other).find(|(first, other)| first != other);
    let ((name, first), (_, other)) = differs?;
    Some(format!("{name} = {other}, on rank 0 {first}; allowed: one scenario with the same options for all ranks"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_told() {
        let asked = |out: &str, seed: &str| Some(vec![("--out".into(), out.into()), ("seed".into(), seed.into())]);
        assert_eq!(difference(&asked("a", "1"), &asked("a", "1")), None);
        let told = difference(&asked("a", "1"), &asked("a", "2")).unwrap();
        assert!(told.starts_with("seed = 2, on rank 0 1"), "{told}");
        assert!(difference(&asked("a", "1"), &None).is_some());
    }
}
