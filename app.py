"""`streamlit run app.py`: hands over to graphlab.app."""

from graphlab.app import main

main()
