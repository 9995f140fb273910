"""Spikes for others: CSV for the program itself, SONATA for libsonata, Neo."""

import csv
import subprocess

import h5py
import libsonata
import numpy as np
import pytest

import tauspike

from test_run import SCRIPT


def test_csv_has_every_bit(quickstart, tmp_path):
    quickstart.spikes.to_csv(tmp_path / "spikes.csv")
    with open(tmp_path / "spikes.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["time_ms"]) for row in rows] == quickstart.spikes.time_ms.tolist()
    assert [int(row["neuron"]) for row in rows] == quickstart.spikes.neuron.tolist()
    assert {row["population"] for row in rows} == {"E", "I"}
    quickstart.probes.to_csv(tmp_path / "probes.csv")
    assert (tmp_path / "probes.csv").read_text().splitlines()[1].endswith(",,")


def test_csv_compares_as_equal_with_a_recording_of_the_program(quickstart, scenarios, tmp_path):
    quickstart.spikes.to_csv(tmp_path / "spikes.csv")
    subprocess.run([SCRIPT, "run", scenarios / "quickstart", "--quiet", "--out", tmp_path / "out"], check=True)
    compare = subprocess.run([SCRIPT, "compare", tmp_path / "out", tmp_path / "spikes.csv"], capture_output=True, text=True)
    assert compare.returncode == 0, compare.stdout + compare.stderr


def test_sonata_files_have_the_layout_of_the_format(quickstart, tmp_path):
    quickstart.spikes.to_sonata(tmp_path / "spikes.h5")
    with h5py.File(tmp_path / "spikes.h5") as file:
        for name in ["E", "I"]:
            group = file[f"spikes/{name}"]
            time, position = quickstart.spikes.of(name)
            assert group["timestamps"][:].tolist() == time.tolist() and group["timestamps"].attrs["units"] == "ms"
            assert group["node_ids"][:].tolist() == position.tolist() and group["node_ids"].dtype == np.uint64
            assert h5py.check_enum_dtype(group.attrs.get_id("sorting").dtype) == {"none": 0, "by_id": 1, "by_time": 2}


def test_libsonata_reads_them(quickstart, tmp_path):
    quickstart.spikes.to_sonata(tmp_path / "spikes.h5")
    reader = libsonata.SpikeReader(str(tmp_path / "spikes.h5"))
    assert sorted(reader.get_population_names()) == ["E", "I"]
    found = reader["I"].get_dict()
    time, position = quickstart.spikes.of("I")
    assert found["timestamps"].tolist() == time.tolist() and found["node_ids"].tolist() == position.tolist()
    assert reader["I"].sorting == "by_time"


def test_neo_has_a_train_for_each_neuron(quickstart):
    segment = quickstart.spikes.to_neo(1000.0)
    assert len(segment.spiketrains) == 1000
    train = segment.spiketrains[850]
    assert train.annotations == {"population": "I", "neuron": 850} and float(train.t_stop) == 1000.0
    assert train.magnitude.tolist() == quickstart.spikes.trains("I")[50].tolist()


def test_sonata_refuses_names_that_are_paths_and_keeps_the_file_there_is(quickstart, tmp_path):
    path = tmp_path / "spikes.h5"
    quickstart.spikes.to_sonata(path)
    before = path.read_bytes()
    for wrong in ("a/b", ".", "a\0b"):
        net = tauspike.Network()
        net.population("a", 1)
        net.population(wrong, 1)
        with pytest.raises(tauspike.ScenarioError, match="population .*; allowed in SONATA: a name without '/' and NUL"):
            net.run(1.0).spikes.to_sonata(path)
    assert path.read_bytes() == before and [each.name for each in tmp_path.iterdir()] == ["spikes.h5"]


def test_a_file_that_cannot_be_written_whole_leaves_the_one_before(quickstart, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError("no space left")

    for name, write, broken in [
        ("spikes.csv", quickstart.spikes.to_csv, "tauspike.exchange._quoted"),
        ("spikes.h5", quickstart.spikes.to_sonata, "h5py.Group.create_dataset"),
    ]:
        path = tmp_path / name
        path.write_text("before")
        with monkeypatch.context() as patched:
            patched.setattr(broken, full)
            with pytest.raises(OSError, match="no space left"):
                write(path)
        assert path.read_text() == "before"
        write(path)
        assert path.stat().st_size > 1000
    assert sorted(each.name for each in tmp_path.iterdir()) == ["spikes.csv", "spikes.h5"]


def test_a_link_stays_one_and_a_pipe_is_written_to(quickstart, tmp_path):
    (tmp_path / "link.csv").symlink_to("spikes.csv")
    quickstart.spikes.to_csv(tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink() and (tmp_path / "spikes.csv").stat().st_size > 1000
    quickstart.spikes.to_csv("/dev/null")
    for write in (quickstart.spikes.to_csv, quickstart.spikes.to_sonata):
        with pytest.raises(TypeError, match="path = 3; allowed: a path"):
            write(3)
