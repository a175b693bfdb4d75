"""What others would write for the first step of a filing, to be measured beside the hub; never packaged.

Promise: the same request is validated and stored with one conditional write, as the frameworks' own guides
show it. They seal, chain and deduplicate nothing, so they do less than the hub. Their libraries are installed
into a folder of their own (`requirements.txt` here), and not into the development environment.
"""
