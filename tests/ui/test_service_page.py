"""The service page by touch: bus health always, faults and plant values in simulation only."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QApplication

from hardware.simulator import plant_values
from hardware.simulator.faults import FAULTS
from hardware.simulator.rig import Rig
from ui import plantwords, samples, servicemodels
from ui.appearance import LANGUAGES, Appearance
from ui.intents import Cough, SetFault, SetPlant
from ui.viewstate import BusRow, FaultRow, LinkState, PlantRow, SimulationView
from ui.widgets import bus_health
from ui.widgets.fault_panel import VALUES
from ui.widgets.simulation_mark import SimulationMark


@pytest.fixture
def service(window, fingers, monkeypatch):
    """The page opened by its key, in a simulated tower."""
    monkeypatch.setattr(bus_health, "REFRESH_S", 0.0)
    window.show_tower(samples.with_service(samples.tower()))
    fingers.tap(window.status.service)
    return window.service


@pytest.fixture
def faults(service, fingers):
    fingers.tap(service.plant_key)
    return service.plant


def row(faults, name):
    return next(key for key in faults.row_keys if not key.isHidden() and key.name == name)


def names_of_rows(faults):
    return [key.name for key in faults.row_keys if not key.isHidden()]


def test_the_page_takes_the_place_of_the_enhanced_picture_and_gives_it_back(window, service, fingers):
    assert service.isVisible()
    assert not window.enhanced.isVisible()
    for part in (window.raw, window.alarm_bar, window.insufflator, window.light):
        assert part.isVisible()
    assert window.status.service.on
    fingers.tap(service.close_key)
    assert window.enhanced.isVisible()
    assert not service.isVisible()
    assert not window.status.service.on


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_key_of_a_page_is_wide_enough_for_a_finger(window, service, language):
    try:
        window.show_appearance(Appearance(language=language), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)
        window.resize(1280, 800)
        QApplication.processEvents()
        page = window.service
        for key in (page.bus_key, page.frames_key, page.modules_key, page.log_key, page.access_key, page.plant_key):
            assert key.width() >= key.sizes.service_key, key.text()
    finally:
        window.show_appearance(Appearance(), samples.SETPOINTS, samples.QUANTITIES, samples.GAS_MODES)


def test_the_bus_is_a_table_of_every_slave(window, service):
    table = service.bus.table
    assert table.cell("CRC errors", "Insufflator") == "6"
    assert table.cell("Timeouts", "Camera") == "957"
    assert table.cell("Round trip, p99", "Insufflator") == "11.8 ms"
    assert table.cell("Round trip, median", "Camera") == "---"
    assert table.cell("Firmware", "Light") == "2.0.0"
    assert "losses 1" in service.bus.port.text()
    assert "p99 1.6 ms" in service.bus.late.text()
    assert service.bus.trouble.text() == "Camera: 3 of 4 requests unanswered. Check its cable."
    assert service.bus.details.text() == "Camera: 12 timeouts in a row"


def test_a_fourth_slave_is_a_fourth_column(window, service):
    view = samples.with_service(samples.tower())
    pump = BusRow("Pump", LinkState.UP, 12, 12, 0, 0, 0, 0, 5.0, 6.0, "1.0")
    window.show_tower(replace(view, bus=replace(view.bus, rows=(*view.bus.rows, pump))))
    assert service.bus.table.cell("Requests", "Pump") == "12"


def test_the_fault_panel_is_there_in_simulation_only_and_marked(window, faults):
    assert faults.isVisible()
    assert faults.window().service.mark.isVisible()
    window.show_tower(replace(samples.tower(), simulation=False))
    assert not faults.isVisible()
    assert not window.service.plant_key.isVisible()
    assert not window.service.mark.isVisible()
    assert window.service.bus.isVisible()


def test_a_touch_begins_a_fault_and_another_ends_it(window, faults, intents, fingers):
    name = "insufflator.relief_stuck_closed"
    fingers.tap(row(faults, name))
    assert intents == [SetFault(name, True)]
    assert not row(faults, name).on, "not in force before the simulator says so"
    plant = samples.with_service(samples.tower()).plant
    rows = tuple(FaultRow(f.name, f.in_force or f.name == name) for f in plant.faults)
    window.show_tower(replace(samples.tower(), plant=replace(plant, faults=rows)))
    assert row(faults, name).on
    assert row(faults, name).standing == "IN FORCE"
    fingers.tap(row(faults, name))
    assert intents[-1] == SetFault(name, False)


def test_every_fault_and_value_can_be_reached_by_group_and_page(window, faults, fingers):
    reached = []
    for key in faults.group_keys.values():
        fingers.tap(key)
        reached += names_of_rows(faults)
        for _ in range(faults.pages() - 1):
            fingers.tap(faults.next)
            reached += names_of_rows(faults)
        assert not faults.next.isEnabled()
    plant = samples.with_service(samples.tower()).plant
    assert sorted(reached) == sorted([f.name for f in plant.faults] + [v.name for v in plant.values])


def test_groups_count_what_is_in_force_and_repair_ends_all_of_it(window, faults, intents, fingers):
    assert faults.group_keys["insufflator"].text() == "Insufflator · 1"
    assert faults.group_keys["camera"].text() == "Camera"
    fingers.tap(faults.repair)
    assert intents == [SetFault("insufflator.valve_stuck_open", False), SetFault("light.fan_dead", False)]
    window.show_tower(replace(samples.tower(), plant=SimulationView((FaultRow("light.led_open", False),))))
    assert not faults.repair.isEnabled()


@pytest.mark.parametrize("size", [QSize(1920, 1080), QSize(1280, 800)], ids=str)
def test_the_pad_leaves_the_name_of_its_row_and_the_simulation_mark_in_sight(window, faults, fingers, size):
    window.resize(size)
    fingers.tap(faults.group_keys[VALUES])
    QApplication.processEvents()
    keys = [key for key in faults.row_keys if key.isVisible()]
    first, last = min(keys, key=lambda key: key.x()), max(keys, key=lambda key: key.x())
    for key in (first, last):
        fingers.tap(key)
        QApplication.processEvents()
        pad = QRect(window.pad.mapTo(window, QPoint()), window.pad.size())
        place = QRect(key.mapTo(window, QPoint()), key.size())
        hidden = pad.intersected(place).width() if pad.intersects(place) else 0
        assert hidden < 0.6 * place.width(), key.text()
        mark = next(m for m in window.service.findChildren(SimulationMark) if m.isVisible())
        covered = pad.intersected(QRect(mark.mapTo(window, QPoint()), mark.size()))
        assert covered.height() < 0.2 * mark.height()
        fingers.tap(window.pad.cancel)


def test_a_value_of_the_plant_is_set_on_the_pad_within_its_range(window, faults, intents, fingers):
    fingers.tap(faults.group_keys[VALUES])
    fingers.tap(row(faults, "patient.leak_l_min"))
    assert window.pad.range.text() == "0.0 to 30.0 l/min"
    for digit in "31":
        fingers.tap(window.pad.digits[digit])
    fingers.tap(window.pad.apply)
    assert intents == []
    fingers.tap(window.pad.backspace)
    fingers.tap(window.pad.apply)
    assert intents == [SetPlant("patient.leak_l_min", 3.0)]


def test_the_patient_coughs_at_a_touch_and_the_simulators_refusal_is_said(faults, intents, fingers):
    fingers.tap(faults.cough)
    assert intents == [Cough()]
    assert faults.answer.text() == "patient.leak_l_min must be 0 to 30 l/min, got 31"


@pytest.mark.parametrize(
    ("low", "high", "step", "decimals"),
    [(0, 30, 0.5, 1), (0, 1, 0.01, 2), (5, 45, 0.5, 1), (0, 2000, 20, 0), (0, 0.01, 0.0001, 4), (3, 3, 1, 0)],
)
def test_a_plant_values_step_suits_its_range(low, high, step, decimals):
    spec = servicemodels.plant_spec(PlantRow("patient.x", "", low, high, low))
    assert (spec.step, spec.decimals) == (pytest.approx(step), decimals)


@pytest.mark.parametrize(
    ("name", "unit", "label"),
    [
        ("patient.leak_l_min", "l/min", "Patient: leak"),
        ("tube_mmhg", "mmHg", "Tube"),
        ("ambient.temperature_c", "°C", "Ambient: temperature"),
        ("stiffness", "", "Stiffness"),
    ],
)
def test_a_plant_values_name_is_read_without_its_unit(name, unit, label):
    assert servicemodels.plant_label(PlantRow(name, unit, 0, 1, 0)) == label


def test_names_without_a_group_are_shown_as_well(window, faults, fingers):
    window.show_tower(replace(samples.tower(), plant=SimulationView((FaultRow("earthquake", False),))))
    assert [key.text() for key in faults.group_keys.values()] == ["Other"]
    assert row(faults, "earthquake").text() == "Earthquake"


def simulated() -> SimulationView:
    """The simulator's own faults and values."""
    rows = []
    for told in plant_values.listing(Rig()):
        limits = (told.get("unit", ""), told.get("minimum", 0.0), told.get("maximum", 0.0))
        rows.append(PlantRow(told["key"], *limits, told["value"], tuple(told.get("choices", ()))))
    return SimulationView(tuple(FaultRow(name, name.endswith("reset")) for name in FAULTS), tuple(rows))


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800)])
def test_everything_of_the_simulator_has_words_that_can_be_read(window, faults, fingers, size):
    window.resize(*size)
    plant = simulated()
    for row_ in (*plant.faults, *plant.values):
        assert plantwords.words(row_.name), row_.name
        for choice in getattr(row_, "choices", ()):
            assert choice in plantwords.CHOICES
    for group in {servicemodels.group_of(fault.name) for fault in plant.faults}:
        said = [servicemodels.in_words(fault.name) for fault in servicemodels.grouped(plant.faults)[group]]
        assert len(set(said)) == len(said), "told apart"
    window.show_tower(replace(samples.tower(), plant=plant))
    for key in faults.group_keys.values():
        fingers.tap(key)
        for _ in range(faults.pages()):
            assert [k.text() for k in faults.row_keys if not k.isHidden() and not k.fits()] == []
            fingers.tap(faults.next)


def test_words_are_the_fields_own():
    said = {
        name: servicemodels.in_words(name) for name in ("insufflator.pressure1_drifting", "insufflator.cylinder_nan")
    }
    assert list(said.values()) == ["Pressure sensor 1: drifting", "Cylinder sensor: no value"]
    room = PlantRow("ambient_c", "degC", -10.0, 60.0, 22.0)
    assert (servicemodels.plant_label(room), servicemodels.plant_value(room)) == ("Room temperature", "22 °C")


def test_what_is_one_of_several_is_changed_by_a_touch(window, faults, intents, fingers):
    access = PlantRow("access", "", 0.0, 0.0, "veress", ("trocar", "veress"))
    window.show_tower(replace(samples.tower(), plant=SimulationView((), (access,))))
    key = row(faults, "access")
    assert (key.text(), key.standing) == ("Way into the abdomen", "Veress needle")
    fingers.tap(key)
    assert intents == [SetPlant("access", "trocar")]


@pytest.mark.parametrize("page", ["bus", "faults"])
def test_showing_the_tower_stays_cheap_with_the_page_open(window, service, fingers, page):
    """At 10 Hz; median of the calls, so that another process on the machine does not judge it."""
    if page == "faults":
        fingers.tap(service.plant_key)
    took_s = []
    for tenth in range(60):
        view = samples.with_service(samples.tower(tenth / 10))
        rows = tuple(replace(r, requests=r.requests + tenth) for r in view.bus.rows)
        began_s = time.perf_counter()
        window.show_tower(replace(view, bus=replace(view.bus, rows=rows)))
        took_s.append(time.perf_counter() - began_s)
    assert sorted(took_s)[30] < 0.004
