# Starts Sortwerk from source on Windows: `packaging\run.ps1` opens the window, `packaging\run.ps1 classify DIR` and every
# other argument go to the program. The first start sets everything up; later ones need no network.
# Where scripts are not allowed: powershell -ExecutionPolicy Bypass -File packaging\run.ps1

. (Join-Path $PSScriptRoot 'lib.ps1')

Install-Locked @('program')

# -P and PYTHONPATH: the program's own folder is searched, the folder it was called from is not.
$before = $env:PYTHONPATH
try {
    $env:PYTHONPATH = $root
    & $python -P -m desktop @args
    $status = $LASTEXITCODE
}
finally {
    $env:PYTHONPATH = $before
}
exit $status
