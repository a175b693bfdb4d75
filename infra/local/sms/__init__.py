"""A message gateway for local runs; its contract is docs/sms-gateway.openapi.yaml.

Promise: it takes exactly what the published contract describes and sends nothing to anybody: messages stay in
memory, where tests and the demo read them as a person would read a phone.
"""
