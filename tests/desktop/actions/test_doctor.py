from pathlib import Path

from desktop.actions.doctor import examine


def test_a_sound_installation_has_nothing_to_do(workspace: Path) -> None:
    findings = {finding.name: finding for finding in examine()}
    assert [finding for finding in findings.values() if not finding.good or finding.advice] == []
    assert str(workspace) in findings["Workspace"].value
    assert "efficientnet-lite0" in findings["Starter model"].value
    assert "processor" in findings["Models run on"].value
    assert not (workspace / "doctor.tmp").exists()


def test_a_workspace_that_can_not_be_used_is_found_with_what_to_do(workspace: Path) -> None:
    workspace.write_text("in the way")
    bad = [finding for finding in examine() if not finding.good]
    assert [finding.name for finding in bad] == ["Workspace"]
    assert "SORTWERK_HOME" in bad[0].advice
