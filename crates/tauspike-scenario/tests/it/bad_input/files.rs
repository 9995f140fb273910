//! Files that a scenario names, and models of energy.

use super::*;

#[test]
fn a_wrong_data_file_is_refused_with_the_field_that_names_it() {
    let folder = Folder::new(GOOD);
    let data = |name: &str, text: &str| fs::write(folder.0.path().join(name), text).unwrap();
    let refused = |set: &str, parts: [&str; 4]| {
        let message = folder.refusal(&[set]);
        assert!(message.starts_with(&format!("{}: --set {set}", folder.path().display())), "{message}");
        parts.into_iter().for_each(|part| assert!(message.contains(part), "{part}: {message}"));
    };
    data("taus.csv", "tau_m_ms,v_thh_mv\n1,2\n1,2\n1,2\n1,2\n");
    refused(
        "population.X.parameters=taus.csv",
        ["population \"X\": parameters", "taus.csv", "v_thh_mv", "did you mean `v_th_mv`"],
    );
    data("taus.csv", "tau_m_ms\n1\n2\n-3\n4\n");
    refused(
        "population.X.parameters=taus.csv",
        ["population \"X\": parameters: ", "taus.csv: line 4: `tau_m_ms` = -3", "allowed: ", "> 0"],
    );
    data("taus.csv", "e_l_mv,neuron,v_th_mv\n-70,3,-55\n-70,1,-55\n# a comment\n-70,2,-75\n-70,0,-55\n");
    refused(
        "population.X.parameters=taus.csv",
        ["population \"X\": parameters: ", "taus.csv: line 5: `e_l_mv` = -70", "allowed: ", "below v_th = -75"],
    );
    data("taus.csv", "t\n1\n2\n3\n0\n");
    refused(
        "population.X.tau_m_ms={file=\"taus.csv\"}",
        ["population \"X\": tau_m_ms.file: ", "taus.csv: line 5: `t` = 0", "allowed: ", "> 0"],
    );
    data("rates.dat", "5\n# Hz\n-6\n");
    refused(
        "input=[{kind=\"poisson\", target=\"E\", members=[3, 7], rate_hz={file=\"rates.dat\"}, weight_mv=1}]",
        ["input 0: rate_hz.file: ", "rates.dat: line 3: `column 1` = -6", "allowed: ", ">= 0"],
    );
    data("taus.csv", "tau_m_ms\n1\n");
    refused("population.X.parameters=taus.csv", ["population \"X\": parameters", "taus.csv", "1 rows", "allowed: 4"]);
    refused(
        "population.X.tau_m_ms={file=\"no.csv\"}",
        [
            "population \"X\": tau_m_ms.file = \"no.csv\"",
            "there is no file",
            folder.0.path().to_str().unwrap(),
            "no.csv",
        ],
    );
    data("no.xls", "a table of another program");
    refused(
        "population.X.tau_m_ms={file=\"no.xls\"}",
        ["population \"X\": tau_m_ms.file", "no.xls", "`xls`", "allowed: "],
    );
    data("synapses.csv", "pre,post,weight_mv,delay_ms\n0,3,1,1\n");
    let explicit = |folder: &Folder| {
        let text = GOOD.replace(
            "rule = \"all_to_all\"\nweight_pa = 10.0\ndelay_ms = 0.5",
            "rule = \"explicit\"\nfile = \"synapses.csv\"",
        );
        fs::write(folder.path(), text).unwrap();
        folder.refusal(&[])
    };
    let message = explicit(&folder);
    assert!(message.contains("line 34: projection 1: file: ") && message.contains("weight_pa"), "{message}");
    data("synapses.csv", "pre,post,weight_pa,delay_ms\n0,4,1,1\n");
    let message = explicit(&folder);
    assert!(message.contains("line 2: `post` = 4; allowed: an integer >= 0 and < 4"), "{message}");
}

#[test]
fn a_synapse_of_a_file_is_refused_with_its_line() {
    let explicit = GOOD.replace(
        "rule = \"fixed_indegree\"\nindegree = 3\nweight_mv = 0.1\ndelay_ms = 1.5",
        "rule = \"explicit\"\nfile = \"synapses.csv\"\nautapses = false\nmultapses = false",
    );
    let folder = Folder::new(&explicit);
    let header = "pre,post,weight_mv,delay_ms\n0,1,1,1\n# more\n";
    let labelled = "projection,pre,post,weight_mv,delay_ms\nother,9,9,1,1\nE to E,0,1,1,1\n";
    for (text, refusal) in [
        (format!("{header}1,2,1e200,1\n"), "line 4: `weight_mv` = 1e200; allowed: "),
        (format!("{header}3,3,1,1\n"), "line 4: `post` = 3; allowed: other than pre (no autapses)"),
        (format!("{header}0,1,1,2\n"), "line 4: `post` = 1; allowed: one synapse from 0 to 1"),
        (format!("{labelled}E to E,2,2,1,1\n"), "line 4: `post` = 2; allowed: other than pre"),
    ] {
        fs::write(folder.0.path().join("synapses.csv"), text).unwrap();
        let message = folder.refusal(&[]);
        assert!(message.contains("projection 0: file: ") || message.contains("\"E to E\": file: "), "{message}");
        assert!(message.contains(&format!("synapses.csv: {refusal}")), "{refusal}: {message}");
    }
    for name in ["synapses.npy", "synapses.xls"] {
        fs::write(folder.0.path().join(name), "").unwrap();
        let message = folder.refusal(&[&format!("projection.0.file={name}")]);
        let (_, allowed) = message.split_once("allowed: ").unwrap();
        assert!(allowed.contains(".npz") && !allowed.contains(".npy"), "{message}");
    }
}

#[test]
fn times_of_spikes_are_read_in_the_unit_of_their_column() {
    let trains = "size = 4\nmodel = \"spike_trains\"\nfile = \"trains.csv\"";
    let folder = Folder::new(&GOOD.replace("size = 4\nmodel = \"poisson\"\nrate_hz = 10.0", trains));
    fs::write(folder.0.path().join("trains.csv"), "time_s,neuron\n0.0025,1\n").unwrap();
    let network = load(&folder.path(), &[]).unwrap().network(1).unwrap();
    let tauspike_network::population::Cells::Trains(trains) = &network.populations()[2].cells else { panic!() };
    assert_eq!(trains[1], [2.5]);
    let message = folder.refusal(&["population.noise.time_unit=ms"]);
    assert!(message.contains("`time_unit` = ms; allowed: absent, because the column `time_s` tells"), "{message}");
}

#[test]
fn an_energy_model_that_is_wrong_is_refused() {
    let folder = Folder::new(GOOD);
    let refusal = |text: &str| {
        fs::write(folder.0.path().join("energy.toml"), text).unwrap();
        folder.refusal(&["energy.models=energy.toml"])
    };
    let model = "[[model]]\nname = \"mine\"\nsource = \"me\"\nscale = \"chip\"\n";
    for (text, parts) in [
        ("", ["energy.toml: line 1: model = absent", "at least one [[model]]"]),
        ("models = 1", ["energy.toml: line 1: models = 1", "did you mean `model`"]),
        ("[[model]\n", ["energy.toml: line 1: `[[model]`: ", ""]),
        (
            "[[model]]\nname = \"mine\"\nscale = \"chip\"",
            ["line 1: model \"mine\": source = absent", "a text in quotes"],
        ),
        (
            "[[model]]\nname = \"mine\"\nscale = \"chip\"\nsource = \"\"",
            ["line 4: model \"mine\": source = \"\"", "not empty"],
        ),
        (
            "[[model]]\nname = \"mine\"\nscale = \"chp\"",
            ["line 3: model \"mine\": scale = \"chp\"", "did you mean \"chip\""],
        ),
        (&format!("{model}per_spik = 1.0\n"), ["line 5: model \"mine\": per_spik = 1.0", "did you mean `per_spike`"]),
        (&format!("{model}per_spike = -1.0\n"), ["line 5: model \"mine\": per_spike = -1.0", "a finite number >= 0"]),
        (model, ["line 1: model \"mine\": per_synaptic_event = absent", "> 0, for this or another coefficient"]),
        (
            &format!("{model}per_spike = 1\nclock_step_ms = 1"),
            ["line 6: model \"mine\": clock_step_ms = 1", "only together with"],
        ),
    ] {
        let message = refusal(text);
        assert!(parts.iter().all(|part| message.contains(part)), "{parts:?}: {message}");
    }
    let message = refusal(&format!("{model}per_spike = 1.0\n{model}per_spike = 1.0\n"));
    check(&message, ["energy.models", "\"energy.toml\"", "\"mine\" is taken"]);
}

/// What a folder is called need not be text.
#[cfg(unix)]
#[test]
fn files_are_found_in_a_folder_whose_name_is_not_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join(std::ffi::OsStr::from_bytes(b"nonutf\xff"));
    fs::create_dir(&folder).unwrap();
    let text = GOOD.replace("tau_m_ms = 20.0", "tau_m_ms = { file = \"taus.csv\" }");
    fs::write(folder.join("scenario.toml"), text).unwrap();
    fs::write(folder.join("taus.csv"), "tau_m_ms\n20\n".to_owned() + &"30\n".repeat(9)).unwrap();
    load(&folder, &[]).unwrap().network(1).unwrap();
}

#[test]
fn all_missing_files_are_told_at_once_with_how_to_make_them() {
    let text = GOOD
        .replace("duration_ms", "prepare = \"run make_data.py\"\nduration_ms")
        .replace("tau_m_ms = 20.0", "tau_m_ms = { distribution = \"empirical\", file = \"taus.csv\" }")
        .replace(
            "rule = \"all_to_all\"\nweight_pa = 10.0\ndelay_ms = 0.5",
            "rule = \"explicit\"\nfile = \"data/synapses.csv\"",
        )
        + "\n[energy]\nmodels = \"energy.toml\"\n";
    let folder = Folder::new(&text);
    let message = folder.refusal(&[]);
    assert!(message.starts_with(&format!("{}: 3 files are missing:\n", folder.path().display())), "{message}");
    for (field, file) in [
        ("population \"E\": tau_m_ms.file = \"taus.csv\"", "taus.csv"),
        ("projection 1: file = \"data/synapses.csv\"", "data/synapses.csv"),
        ("energy.models = \"energy.toml\"", "energy.toml"),
    ] {
        let line = message.lines().find(|line| line.contains(field)).unwrap_or_else(|| panic!("{field}: {message}"));
        assert!(line.starts_with("  line "), "{line}");
        assert!(line.ends_with(&format!("there is no file {}", folder.0.path().join(file).display())), "{line}");
    }
    assert!(message.ends_with("\nto make what is missing: run make_data.py"), "{message}");
}
