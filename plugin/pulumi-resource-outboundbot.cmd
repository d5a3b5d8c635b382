@node "%~dp0pulumi-resource-outboundbot" %*
