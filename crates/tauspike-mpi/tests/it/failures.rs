//! What is wrong is said once, ends all processes, and leaves what was recorded.

use crate::{Bench, PROGRAM, errors, expect, manifest};
use tauspike_record::{Status, read_spikes, recover};

#[test]
fn a_scenario_that_is_refused_is_refused_once() {
    let bench = Bench::new();
    for (arguments, told) in [
        (&["run", ".", "--set", "population.E.tau_m_ms=-1"][..], "tau_m_ms"),
        (&["run", "nothing.toml"][..], "nothing.toml: cannot be read"),
        (&["run", ".", "--set", "projection.0.delay_ms=0"][..], "ranks: 4 is not allowed"),
        (&["run", ".", "--resume", "scenario.toml"][..], "not a tauspike snapshot"),
    ] {
        let output = bench.command(4, arguments).output().unwrap();
        expect(2, &output);
        let errors = errors(&output);
        assert!(errors.len() == 1 && errors[0].contains(told), "{errors:#?}");
        assert!(!bench.path("out").exists());
    }
    let output = bench.command(4, &["run"]).output().unwrap();
    expect(2, &output);
    assert_eq!(String::from_utf8_lossy(&output.stderr).matches("Usage: tauspike-mpi run").count(), 1);
}

#[test]
fn an_output_that_is_there_is_refused_before_anything_is_built() {
    let bench = Bench::new();
    expect(0, &bench.command(2, &["run", ".", "--quiet", "--out=out"]).output().unwrap());
    let before = manifest(&bench.path("out"));
    let output = bench.command(2, &["run", ".", "--quiet", "--out=out"]).output().unwrap();
    expect(3, &output);
    assert!(errors(&output).len() == 1 && errors(&output)[0].contains("use --force"), "{:?}", errors(&output));
    assert_eq!(manifest(&bench.path("out")), before);
    expect(0, &bench.command(3, &["run", ".", "--quiet", "--out=out", "--force"]).output().unwrap());
    assert_eq!(manifest(&bench.path("out")).digest, before.digest);
}

/// Only one of the processes may not write large files.
#[test]
fn a_full_disk_of_one_process_ends_all_with_its_error() {
    let bench = Bench::new();
    let run = format!("{PROGRAM} run . --quiet --out=out --set duration_ms=1e7 --set record.rows_per_group=4000");
    let limited = format!("ulimit -f 20; exec {run}");
    let mut command = bench.mpirun();
    // or OpenMPI's own files for shared memory would be too large
    command.args(["--mca", "btl", "self,tcp"]).env("PMIX_MCA_gds", "hash");
    // The last one has the population that fires most, and so a row group before the others.
    command.args(["-n", "1", "sh", "-c", &run, ":", "-n", "1", "sh", "-c", &run, ":", "-n", "1", "sh", "-c", &limited]);
    let output = command.output().unwrap();
    expect(3, &output);
    let errors = errors(&output);
    let of_rank_2 = |error: &str| error.contains("rank 2: ") && error.contains("cannot write out/ranks/rank=2/");
    assert!(errors.len() == 1 && of_rank_2(&errors[0]), "{errors:#?}");
    let told = manifest(&bench.path("out"));
    assert!(told.status == Status::Failed && told.error.as_deref().is_some_and(of_rank_2), "{:?}", told.error);
    recover(&bench.path("out")).unwrap();
    let found = read_spikes(&bench.path("out/spikes.parquet")).unwrap();
    let until = told.model_time_ms;
    let set = [format!("duration_ms={}", until + 1.0), "record.rows_per_group=4000".into()];
    bench.alone(&bench.path("scenario.toml"), &set, "alone");
    let whole = read_spikes(&bench.path("alone/spikes.parquet")).unwrap();
    let complete = found.time.partition_point(|time| *time <= until);
    assert!(found.time[..complete] == whole.time[..complete] && found.neuron[..complete] == whole.neuron[..complete]);
}

/// One of the processes gets no memory for the network, and is ended by that.
#[test]
fn a_process_that_cannot_build_ends_all() {
    let bench = Bench::new();
    let run = format!(
        "{PROGRAM} run . --quiet --out=out --set population.E.size=60000 --set population.I.size=60000 \
         --set projection.0.indegree=1000 --set projection.1.probability=0.01"
    );
    let limited = format!("ulimit -v 400000; exec {run}");
    let mut command = bench.mpirun();
    command.args(["-n", "1", "sh", "-c", &run, ":", "-n", "1", "sh", "-c", &limited]);
    let output = command.output().unwrap();
    assert!(!output.status.success());
    assert!(!bench.path("out/manifest.json").exists(), "nothing had begun");
}

/// What differs between two processes is told before anything is taken, and nobody waits for the other.
#[test]
fn processes_that_are_asked_for_different_things_are_refused() {
    let bench = Bench::new();
    let other = crate::SCENARIO.replace("rate_hz = 11000.0", "rate_hz = 12000.0");
    std::fs::create_dir(bench.path("other")).unwrap();
    std::fs::write(bench.path("other/scenario.toml"), other).unwrap();
    let run = ["run", ".", "--quiet", "--out=out"];
    for (arguments, told) in [
        (&["run", ".", "--quiet", "--out=out", "--seed=6"][..], "seed = 6, on rank 0 5"),
        (&["run", ".", "--quiet", "--out=out", "--set", "duration_ms=200"], "SHA-256"),
        (&["run", "other", "--quiet", "--out=out"], "scenario.toml"),
        (&["run", ".", "--quiet", "--out=elsewhere"], "--out = elsewhere, on rank 0 out"),
        (
            &["run", ".", "--quiet", "--out=out", "--save-snapshot", "s.bin"],
            "--save-snapshot = s.bin, on rank 0 not given",
        ),
        (&["run", ".", "--quiet", "--out=out", "--force"], "--force = true"),
        (&["run", ".", "--frob"], "--frob"),
    ] {
        let mut command = bench.mpirun();
        command.args(["-n", "1", PROGRAM]).args(run).args([":", "-n", "1", PROGRAM]).args(arguments);
        let output = command.output().unwrap();
        expect(2, &output);
        let errors = errors(&output);
        assert!(errors.len() == 1 && errors[0].contains("rank 1: ") && errors[0].contains(told), "{errors:#?}");
        assert!(!bench.path("out/manifest.json").exists());
    }
}

/// Two copies of one table, on two machines say, of which one is old.
#[test]
fn a_data_file_that_is_another_on_another_process_is_refused() {
    let bench = Bench::new();
    let scenario = crate::SCENARIO.replace(
        "[record]",
        "[[population]]\nname = \"T\"\nsize = 1\nmodel = \"spike_trains\"\nfile = \"t.csv\"\n\n[record]",
    );
    for (folder, trains) in [("a", "time_ms,neuron\n1,0\n"), ("b", "time_ms,neuron\n2,0\n")] {
        std::fs::create_dir(bench.path(folder)).unwrap();
        std::fs::write(bench.path(folder).join("scenario.toml"), &scenario).unwrap();
        std::fs::write(bench.path(folder).join("t.csv"), trains).unwrap();
    }
    let mut command = bench.mpirun();
    let out = format!("--out={}", bench.path("out").display());
    command.args(["-n", "1", "-wdir", "a", PROGRAM, "run", "scenario.toml", &out]);
    command.args([":", "-n", "1", "-wdir", "b", PROGRAM, "run", "scenario.toml", &out]);
    let output = command.output().unwrap();
    expect(2, &output);
    assert!(errors(&output).iter().any(|error| error.contains("rank 1: t.csv = SHA-256")), "{:?}", errors(&output));
}
