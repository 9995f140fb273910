use super::*;

#[test]
fn the_default_suite_has_at_least_300_distinct_tasks_in_order() {
    let tasks = SuiteGrid::default().tasks().unwrap();
    assert_eq!(tasks.len(), 396);
    let ids: BTreeSet<String> = tasks.iter().map(Task::id).collect();
    assert_eq!(ids.len(), tasks.len());
    assert!(tasks.is_sorted_by(|a, b| a.order(b) == Ordering::Less));
    assert!(tasks[0].target == Target::taylor(1));
}

/// Published results are joined by these names.
#[test]
fn ids_stay_what_they_are() {
    let tasks = SuiteGrid::default().tasks().unwrap();
    let ids: Vec<String> = tasks.iter().map(Task::id).collect();
    assert_eq!(ids[..3], ["ou_tau10x1/u0@+0", "ou_tau20x1/u0@+0", "ou_tau50x1/u0@+0"]);
    assert_eq!(ids[395], "ou_tau5x2/u0^4*u1@+50");
}

#[test]
fn complexity_counts_polynomials_and_grows_along_every_axis() {
    let source = |dimensions| Source { kind: Stimulus::Uniform {}, dimensions };
    let of = |degrees: &[u32], shift, tau| {
        Task::new(source(degrees.len()), Target::cross_taylor(degrees, shift), tau).unwrap().complexity()
    };
    // C(1 + 2, 2) = 3; C(3 + 2, 2) = 10; C(2 * 3 + 2, 2) = 28.
    assert!((of(&[2], 0.0, 10.0) - libm::log(3.0)).abs() < 1e-14);
    assert!((of(&[2], -20.0, 10.0) - libm::log(10.0)).abs() < 1e-14);
    assert!((of(&[1, 1], 20.0, 10.0) - libm::log(28.0)).abs() < 1e-14);
    assert!(of(&[3], 0.0, 10.0) > of(&[2], 0.0, 10.0));
    assert!(of(&[2], -30.0, 10.0) > of(&[2], -20.0, 10.0));
    assert!(of(&[2], -20.0, 5.0) > of(&[2], -20.0, 10.0));
    assert!(of(&[1, 1], 0.0, 10.0) > of(&[2], 0.0, 10.0));
}

#[test]
fn partitions_are_complete_and_ordered() {
    assert_eq!(partitions(5, 2, 5), [[4, 1], [3, 2]]);
    assert_eq!(partitions(6, 3, 6), [[4, 1, 1], [3, 2, 1], [2, 2, 2]]);
    assert!(partitions(1, 2, 1).is_empty());
    // The number of partitions of 12 is 77.
    assert_eq!((1..=12).map(|parts| partitions(12, parts, 12).len()).sum::<usize>(), 77);
}

#[test]
fn a_wrong_grid_is_refused_by_name() {
    let message = |change: fn(&mut SuiteGrid)| {
        let mut grid = SuiteGrid::default();
        change(&mut grid);
        grid.tasks().unwrap_err().to_string()
    };
    assert_eq!(message(|g| g.degrees = vec![0]), "suite: degrees = 0, allowed: 1 to 12");
    assert_eq!(message(|g| g.dimensions = vec![13]), "suite: dimensions = 13, allowed: 1 to 12");
    assert_eq!(message(|g| g.shifts_ms = vec![f64::NAN]), "suite: shifts_ms = NaN, allowed: finite times");
    assert_eq!(message(|g| g.shifts_ms = vec![0.0, -0.0]), "suite: shifts_ms = -0.0, allowed: each value once");
    assert_eq!(
        message(|g| g.correlation_times_ms = vec![]),
        "suite: correlation_times_ms = [], allowed: at least one value"
    );
    assert!(message(|g| (g.degrees, g.dimensions) = (vec![1], vec![2])).starts_with("suite: degrees = [1]"));
    let beyond = Source { kind: Stimulus::Uniform {}, dimensions: 1 };
    let error = Task::new(beyond, Target::cross_taylor(&[1, 1], 0.0), 1.0).unwrap_err().to_string();
    assert_eq!(
        error,
        "task \"uniformx1/u0*u1@+0\": dimension = 1, allowed: below 1, the number of dimensions of the stimulus"
    );
}

#[test]
fn a_grid_is_read_from_toml_with_defaults_for_what_is_left_out() {
    let grid: SuiteGrid = toml::from_str("degrees = [1, 2]\nnoise = \"band_limited\"").unwrap();
    assert_eq!(grid.tasks().unwrap().len(), (2 + 1) * 9 * 4);
    assert!(toml::from_str::<SuiteGrid>("degree = [1]").unwrap_err().to_string().contains("degree"));
}

#[test]
fn shifts_in_correlation_times_are_whole_steps_of_each_stimulus() {
    let grid = SuiteGrid {
        degrees: vec![1],
        dimensions: vec![1],
        correlation_times_ms: vec![2.0, 200.0],
        shifts_tau: vec![-2.0, -0.1, 0.0, 0.1, 0.5],
        step_ms: 0.5,
        ..SuiteGrid::default()
    };
    let tasks = grid.tasks().unwrap();
    let shifts = |tau: f64| {
        let of_tau = tasks.iter().filter(|task| task.correlation_time == tau);
        let mut shifts: Vec<f64> = of_tau.map(|task| task.target.factors[0].shift).collect();
        shifts.sort_by(f64::total_cmp);
        shifts
    };
    // A tenth of 2 ms is no step: it becomes 0, which is there already.
    assert_eq!(shifts(2.0), [-4.0, 0.0, 1.0]);
    assert_eq!(shifts(200.0), [-400.0, -20.0, 0.0, 20.0, 100.0]);
    let tenths = SuiteGrid { correlation_times_ms: vec![1.0], shifts_tau: vec![0.3], step_ms: 0.1, ..grid };
    assert_eq!(tenths.tasks().unwrap()[0].id(), "ou_tau1x1/u0@+0.3");
}

#[test]
fn a_wide_grid_has_more_than_400_tasks() {
    let grid = SuiteGrid {
        correlation_times_ms: vec![2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0],
        shifts_tau: vec![-4.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0],
        ..SuiteGrid::default()
    };
    let tasks = grid.tasks().unwrap();
    assert_eq!(tasks.len(), 11 * 7 * 7);
    let ids: BTreeSet<String> = tasks.iter().map(Task::id).collect();
    assert_eq!(ids.len(), tasks.len());
    assert!(tasks.iter().all(|task| task.possible().is_some_and(|share| share > 0.0 && share <= 1.0)));
}
