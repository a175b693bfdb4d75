"""A message gateway for local runs; see docs/sms-gateway.openapi.yaml for what it is held to.

Promise: it takes exactly what the published contract describes and sends nothing to anybody: messages stay in
memory, where tests and the demo read them as a person would read a phone.
"""
