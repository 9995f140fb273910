//! "Did you mean": the candidate most like a misspelt name.

/// The candidate nearest to `name` in edits (insert, delete, replace, swap two neighbours), or none if all are far.
///
/// Far is more than a third of the longer name, rounded up: `wieght` is near `weight`, `mass` is near neither `weight` nor `delay`.
/// Case does not count. Of equally near candidates the first wins.
///
/// ```
/// assert_eq!(tauspike_import::nearest("tau_m", &["v_th_mv", "tau_m_ms"]), Some("tau_m_ms"));
/// assert_eq!(tauspike_import::nearest("mass", &["weight", "delay"]), None);
/// ```
pub fn nearest<'a, S: AsRef<str>>(name: &str, candidates: &'a [S]) -> Option<&'a str> {
    // The distance costs the product of the lengths; no sensible name is this long.
    if name.len() > 256 {
        return None;
    }
    let name = name.to_lowercase();
    candidates
        .iter()
        .map(|candidate| {
            let candidate = candidate.as_ref();
            let edits = strsim::damerau_levenshtein(&name, &candidate.to_lowercase());
            let longer = name.chars().count().max(candidate.chars().count());
            (edits, longer, candidate)
        })
        .filter(|(edits, longer, _)| *edits <= longer.div_ceil(3))
        .min_by_key(|(edits, _, _)| *edits)
        .map(|(_, _, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_misspelt_name_finds_the_right_one() {
        let names = ["pre", "post", "weight", "delay"];
        for (wrong, right) in [("wieght", "weight"), ("Delay", "delay"), ("pots", "post"), ("weights", "weight")] {
            assert_eq!(nearest(wrong, &names), Some(right), "{wrong}");
        }
    }

    #[test]
    fn an_unrelated_or_endless_name_finds_nothing() {
        assert_eq!(nearest("conductance", &["pre", "post"]), None);
        assert_eq!(nearest(&"w".repeat(10_000), &["w"]), None);
        assert_eq!(nearest("a", &[] as &[&str]), None);
    }
}
