"""The smallest PySide6 program: what start_time.py compares Sortwerk with."""

import sys

from PySide6.QtWidgets import QApplication, QWidget

app = QApplication(sys.argv)
window = QWidget()
window.resize(1280, 800)
window.show()
sys.exit(app.exec())
